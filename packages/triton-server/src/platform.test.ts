import assert from "node:assert/strict";
import { test } from "node:test";
import { unavailableReason } from "./platform.ts";

test("a Linux with glibc 2.35 or later, on x86_64 or aarch64, can run the server", () => {
  for (const glibc of ["2.35", "2.36", "2.41", "3.0"]) {
    for (const processor of ["x64", "arm64"]) {
      assert.equal(unavailableReason({ system: "linux", processor, glibc }), undefined);
    }
  }
});

test("any other machine is told why not, in one sentence", () => {
  const x64 = { system: "linux", processor: "x64", glibc: "2.36" };
  const reasons = [
    [{ ...x64, system: "darwin", glibc: undefined }, /runs on Linux only, and this is macOS/],
    [{ ...x64, processor: "riscv64" }, /x86_64 and aarch64 only, and this is riscv64/],
    [{ ...x64, glibc: undefined }, /GNU C library 2\.35 or later, and this system has another/],
    [{ ...x64, glibc: "2.34" }, /2\.35 or later, and this system has 2\.34/],
    [{ ...x64, glibc: "2.4" }, /this system has 2\.4$/],
  ] as const;
  for (const [platform, words] of reasons) {
    const reason = unavailableReason(platform) ?? "";
    assert.match(reason, words);
    assert.doesNotMatch(reason, /\n|\. [A-Z]/);
  }
});
