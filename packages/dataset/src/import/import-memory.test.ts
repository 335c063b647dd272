import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import sharp from "sharp";

const MOST_BYTES = 500e6;
const PICTURES = 16;

/** Runs in a process of its own: what this one has used before must not count. */
const CHILD = `
  const [module, source, datasetDir] = process.argv.slice(1);
  const { importDataset } = await import(module);
  const { added } = await importDataset({ source, datasetDir });
  console.log(JSON.stringify({ added, bytes: process.resourceUsage().maxRSS * 1024 }));
`;

test("photographs of twelve megapixels that have to be turned are imported in less than 500 MB", async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-memory-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const source = join(dir, "source/wolf");
  await mkdir(source, { recursive: true });
  const noise = { type: "gaussian" as const, mean: 120, sigma: 30 };
  const photograph = await sharp({
    create: { width: 4032, height: 3024, channels: 3, background: "#888", noise },
  })
    .jpeg({ quality: 80 })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  for (let number = 0; number < PICTURES; number++) {
    // A comment of its own makes each another file.
    const comment = Buffer.from([0xff, 0xfe, 0, 3, number]);
    const file = Buffer.concat([photograph.subarray(0, 2), comment, photograph.subarray(2)]);
    await writeFile(join(source, `${number}.jpg`), file);
  }
  const module = new URL("import-dataset.ts", import.meta.url).href;
  const words = ["--input-type=module", "--eval", CHILD, module, join(dir, "source"), join(dir, "dataset")];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const { added, bytes } = JSON.parse(stdout) as { readonly added: number; readonly bytes: number };
  // All show the same: one is added, the others are baked and then known.
  assert.ok(added >= 1 && added <= PICTURES);
  assert.ok(bytes < MOST_BYTES, `${Math.round(bytes / 1e6)} MB`);
});
