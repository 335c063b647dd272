import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the committed kernels are what their source compiles to", async () => {
  const scratch = await mkdtemp(join(tmpdir(), "followspot-kernels-"));
  try {
    const fresh = join(scratch, "kernels.wasm");
    const script = fileURLToPath(new URL("../scripts/build-kernels.mjs", import.meta.url));
    execFileSync(process.execPath, [script, "--into", fresh], { stdio: "inherit" });
    const committed = await readFile(new URL("kernels.wasm", import.meta.url));
    assert.ok(
      committed.equals(await readFile(fresh)),
      "run: node packages/backbone/scripts/build-kernels.mjs",
    );
  } finally {
    await rm(scratch, { recursive: true });
  }
});
