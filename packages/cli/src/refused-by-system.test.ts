import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { refusedBySystem } from "./refused-by-system.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const dir = await mkdtemp(join(tmpdir(), "followspot-refused-"));
after(() => rm(dir, { recursive: true, force: true }));

test("a file in the place of a folder is named in one sentence, without a stack trace", async () => {
  const file = join(dir, "file");
  await writeFile(file, "");
  const words = ["triton", "render", "--profile", "qwen2-vl-2b-bf16", "--weights", dir, "--to", file];
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 1);
  assert.equal(err, `followspot: ${file}: something else of that name is there (EEXIST)\n`);
});

test("what the system refuses is said with its path", async () => {
  const error: unknown = await mkdir(join(dir, "file", "folder")).catch((reason: unknown) => reason);
  assert.match(refusedBySystem(error) ?? "", /file\/folder: it is not a folder, .* \(ENOTDIR\)$/);
  assert.equal(refusedBySystem(Object.assign(new Error("write"), { code: "ENOSPC" })), "the disk is full");
});

test("what is no refusal of a file keeps its stack trace", () => {
  assert.equal(refusedBySystem(new TypeError("x is undefined")), undefined);
  // A port below 1024, for example: no path.
  assert.equal(refusedBySystem(Object.assign(new Error("listen"), { code: "EACCES" })), undefined);
  assert.equal(refusedBySystem(Object.assign(new Error("gone"), { code: "ENOENT", path: "/x" })), undefined);
});
