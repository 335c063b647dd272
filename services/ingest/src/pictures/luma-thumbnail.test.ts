import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { makeClip, withoutFfmpeg } from "../testing/ffmpeg.ts";
import { stagePicture } from "../testing/test-pictures.ts";
import { PictureRefused } from "./drop-reasons.ts";
import { readLumaBlocks } from "./jpeg-luma.ts";
import { type LumaThumbnail, lumaThumbnail, shrunk } from "./luma-thumbnail.ts";

/** Smooth enough that two ways of shrinking agree. */
async function scene(width: number, height: number): Promise<Sharp> {
  return sharp(await stagePicture(0.4, { width, height }));
}

function meanDifference(a: LumaThumbnail, b: LumaThumbnail): number {
  return a.reduce((sum, luma, cell) => sum + Math.abs(luma - (b[cell] as number)), 0) / a.length;
}

test("our reading of the blocks agrees with the library's, for every sampling and size", async () => {
  for (const [width, height] of [
    [640, 360],
    [641, 363],
    [320, 240],
    [100, 77],
    [256, 256],
  ] as const) {
    for (const options of [
      { chromaSubsampling: "4:2:0" },
      { chromaSubsampling: "4:4:4" },
      { chromaSubsampling: "4:2:0", optimiseCoding: true, quality: 97 },
      { quality: 30 },
    ]) {
      const jpeg = await (await scene(width, height)).jpeg(options).toBuffer();
      assert.ok(readLumaBlocks(jpeg), "an ordinary JPEG is read by us");
      const difference = meanDifference(await lumaThumbnail(jpeg, 1e7), await shrunk(jpeg, 1e7));
      assert.ok(difference < 3, `${difference} levels at ${width} x ${height} ${JSON.stringify(options)}`);
    }
  }
});

test("grey JPEGs are read too", async () => {
  const jpeg = await (await scene(330, 250)).greyscale().jpeg().toBuffer();
  assert.ok(readLumaBlocks(jpeg));
  assert.ok(meanDifference(await lumaThumbnail(jpeg, 1e7), await shrunk(jpeg, 1e7)) < 3);
});

test("a picture full of detail is read to the same brightness", async () => {
  const noise = { type: "gaussian", mean: 120, sigma: 60 } as const;
  const jpeg = await sharp({ create: { width: 512, height: 384, channels: 3, background: "grey", noise } })
    .jpeg({ quality: 98 })
    .toBuffer();
  const own = readLumaBlocks(jpeg);
  assert.ok(own);
  const mean = own.luma.reduce((sum, luma) => sum + luma, 0) / own.luma.length;
  const { channels } = await sharp(jpeg).greyscale().stats();
  assert.ok(Math.abs(mean - (channels[0]?.mean ?? 0)) < 3);
});

test("progressive and print-colour JPEGs are left to the library", async () => {
  const progressive = await (await scene(320, 240)).jpeg({ progressive: true }).toBuffer();
  assert.equal(readLumaBlocks(progressive), undefined);
  const cmyk = await (await scene(320, 240)).toColourspace("cmyk").jpeg().toBuffer();
  assert.equal(readLumaBlocks(cmyk), undefined);
  assert.ok((await lumaThumbnail(progressive, 1e7)).some((luma) => luma > 50));
});

test("a JPEG that ends too early is refused wherever it was cut", async () => {
  const jpeg = await (await scene(320, 240)).jpeg().toBuffer();
  const whole = await lumaThumbnail(jpeg, 1e7);
  // The last few bytes may be padding and the end marker: the picture is whole without them.
  for (let length = 4; length < jpeg.length - 8; length += 37) {
    await assert.rejects(lumaThumbnail(jpeg.subarray(0, length), 1e7), PictureRefused);
  }
  assert.deepEqual(await lumaThumbnail(jpeg, 1e7), whole);
});

test("damaged bytes are refused or read, and nothing else happens", async () => {
  const jpeg = await (await scene(160, 120)).jpeg().toBuffer();
  const damage = fc.array(fc.tuple(fc.nat(jpeg.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = Buffer.from(jpeg);
      for (const [at, byte] of changes) bytes[at] = byte;
      try {
        const blocks = readLumaBlocks(bytes);
        if (blocks) assert.ok(blocks.luma.every((luma) => luma >= 0 && luma <= 255));
      } catch (error) {
        assert.ok(error instanceof PictureRefused, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test("a JPEG whose frame header cannot be found is left to the library", async () => {
  const jpeg = await (await scene(160, 120)).jpeg().toBuffer();
  // The first segment's length now reaches over the frame header.
  jpeg[3] = 218;
  assert.equal(readLumaBlocks(jpeg), undefined);
});

test("restart markers are followed", { skip: withoutFfmpeg }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "followspot-luma-"));
  const input = ["-f", "lavfi", "-i", "testsrc2=size=640x352", "-frames:v", "1", "-q:v", "3"];
  const path = makeClip(
    [...input, "-threads", "4", "-slices", "4", "-pix_fmt", "yuvj420p"],
    join(folder, "a.jpg"),
  );
  const jpeg = await readFile(path);
  await rm(folder, { recursive: true });
  assert.ok(jpeg.includes(Buffer.from([0xff, 0xdd])), "this ffmpeg wrote no restart interval");
  assert.ok(readLumaBlocks(jpeg));
  assert.ok(meanDifference(await lumaThumbnail(jpeg, 1e7), await shrunk(jpeg, 1e7)) < 3);
});
