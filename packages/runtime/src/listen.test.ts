import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { listen } from "./listen.ts";

test("a taken port is a sentence that names it and what to do", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await assert.rejects(listen(createServer(), { host: "127.0.0.1", port, name: "results" }), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(
      error.message,
      new RegExp(`^port ${port} is taken .* so results cannot listen .* with PORT$`),
    );
    return true;
  });
});

test("any other reason stays what it is", async () => {
  await assert.rejects(listen(createServer(), { host: "192.0.2.77", port: 0, name: "results" }), {
    code: "EADDRNOTAVAIL",
  });
});
