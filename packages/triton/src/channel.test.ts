import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { parseServerAddress } from "./channel.ts";

test("an address is grpc://, grpcs:// or plain host and port", () => {
  assert.deepEqual(parseServerAddress("grpc://gpu.local:8001"), { target: "gpu.local:8001", secure: false });
  assert.deepEqual(parseServerAddress("grpcs://gpu.local:443/"), { target: "gpu.local:443", secure: true });
  assert.deepEqual(parseServerAddress("127.0.0.1:4603"), { target: "127.0.0.1:4603", secure: false });
  assert.deepEqual(parseServerAddress("grpc://[::1]:8001"), { target: "[::1]:8001", secure: false });
});

test("anything else is refused in a sentence that shows no password", () => {
  for (const address of [
    "",
    "gpu.local",
    "http://gpu:8000",
    "grpc://gpu",
    "grpc://gpu:0",
    "grpc://gpu:70000",
    "grpc://a b:1",
  ]) {
    assert.throws(() => parseServerAddress(address), UserError, address);
  }
  assert.throws(
    () => parseServerAddress("grpc://me:secret@gpu:8001"),
    (error: Error) => error instanceof UserError && !error.message.includes("secret"),
  );
});
