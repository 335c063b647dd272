import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import sharp, { type Sharp } from "sharp";
import { decodePicture } from "./picture.ts";

/** Left half red, right half blue. */
function halves(width: number, height: number) {
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    rgb[pixel * 3 + (pixel % width < width / 2 ? 0 : 2)] = 200;
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

test("a large picture is made smaller, and tells its own size", async () => {
  const { rgb, ...sizes } = await decodePicture(await halves(1_000, 500).jpeg().toBuffer(), { maxSide: 100 });
  assert.deepEqual(sizes, { width: 100, height: 50, sourceWidth: 1_000, sourceHeight: 500 });
  assert.equal(rgb.length, 100 * 50 * 3);
});

test("the orientation is baked in: what was on the left is at the top", async () => {
  const turned = await halves(80, 40).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const { rgb, width, height, sourceWidth, sourceHeight } = await decodePicture(turned);
  assert.deepEqual([width, height, sourceWidth, sourceHeight], [40, 80, 40, 80]);
  const top = [...rgb.subarray(20 * 3, 21 * 3)];
  assert.ok((top[0] as number) > 150 && (top[2] as number) < 60, `the top is ${top.join()}`);
});

test("two pictures in one file are the first of them", async () => {
  const first = await halves(80, 40).jpeg().toBuffer();
  const second = await halves(20, 20).jpeg().toBuffer();
  assert.equal((await decodePicture(Buffer.concat([first, second]))).width, 80);
});

for (const [what, format] of [
  ["PNG with transparency", (picture: Sharp) => picture.ensureAlpha(0.5).png()],
  ["WebP", (picture: Sharp) => picture.webp()],
  ["grey", (picture: Sharp) => picture.greyscale().jpeg()],
  ["16-bit", (picture: Sharp) => picture.toColourspace("rgb16").png()],
  ["CMYK", (picture: Sharp) => picture.toColourspace("cmyk").jpeg()],
] as const) {
  test(`${what} has three channels of 8 bits afterwards`, async () => {
    const { rgb } = await decodePicture(await format(halves(64, 32)).toBuffer());
    assert.equal(rgb.length, 64 * 32 * 3);
  });
}

test("what is no picture is refused in one sentence", async () => {
  const jpeg = await halves(400, 300).jpeg().toBuffer();
  // A PNG that only says how large it is.
  const vast = await halves(16, 16).png().toBuffer();
  vast.writeUInt32BE(40_000, 16);
  vast.writeUInt32BE(40_000, 20);
  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(), /empty/],
    ["text", Buffer.from("this is no picture"), /cannot be decoded/],
    ["a cut-off JPEG", jpeg.subarray(0, jpeg.length / 2), /cannot be decoded/],
    ["HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0"), /HEIC/],
    ["40,000 x 40,000 pixels", vast, /pixel/],
    ["a speck", await halves(4, 4).png().toBuffer(), /at least 8/],
  ];
  for (const [what, bytes, message] of bad) {
    await assert.rejects(decodePicture(bytes), (error: Error) => {
      assert.ok(error instanceof UserError, `${what}: ${error.message}`);
      assert.match(error.message, message, what);
      assert.ok(!error.message.includes("\n"), `${what} is said in one line`);
      return true;
    });
  }
});
