import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { readMaskedScenes } from "./read-masked-scenes.ts";

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-scenes-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

function drawing(width: number, height: number, inner = ""): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="black"/>${inner}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

async function scene(dir: string, name: string, masks: Record<string, Buffer>): Promise<void> {
  await mkdir(join(dir, name), { recursive: true });
  await writeFile(
    join(dir, name, "img.jpg"),
    await sharp(await drawing(80, 60))
      .jpeg()
      .toBuffer(),
  );
  for (const [file, bytes] of Object.entries(masks)) await writeFile(join(dir, name, file), bytes);
}

test("a mask's box is the smallest one round its white part", async (context) => {
  const dir = await folder(context);
  await scene(dir, "table", {
    "mask0.png": await drawing(80, 60, '<rect x="10" y="20" width="30" height="15" fill="white"/>'),
    "mask1.png": await drawing(80, 60, '<rect x="0" y="0" width="80" height="60" fill="white"/>'),
  });
  await mkdir(join(dir, "nothing in here"));
  await writeFile(join(dir, "LICENSE"), "");
  const [table, ...others] = await readMaskedScenes(dir);
  assert.deepEqual(others, []);
  assert.deepEqual(table?.objects, [
    { label: "table/mask0", box: { left: 10, top: 20, width: 30, height: 15 } },
    { label: "table/mask1", box: { left: 0, top: 0, width: 80, height: 60 } },
  ]);
});

test("what is not as it should be is named in a sentence", async (context) => {
  const cases: Record<string, [Buffer, RegExp]> = {
    black: [await drawing(80, 60), /black\/mask0\.png has no white pixel/],
    "of another size": [await drawing(40, 60), /mask0\.png is 40 x 60 pixels, but its picture is 80 x 60/],
    "no picture": [Buffer.from("nothing"), /mask0\.png is no picture/],
  };
  for (const [name, [mask, expected]] of Object.entries(cases)) {
    const dir = await folder(context);
    await scene(dir, name, { "mask0.png": mask });
    await assert.rejects(readMaskedScenes(dir), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, expected);
      return true;
    });
  }
  await assert.rejects(readMaskedScenes(join(tmpdir(), "followspot-is-not-there")), UserError);
  await assert.rejects(readMaskedScenes(await folder(context)), /holds no folder with an img.jpg/);
});
