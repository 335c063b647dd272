import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import sharp from "sharp";
import { PictureRefused } from "./drop-reasons.ts";
import { fitPicture } from "./fit-picture.ts";
import { inspectPicture } from "./inspect-picture.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { lumaThumbnail, meanLight } from "./luma-thumbnail.ts";
import { PICTURE_LIMITS } from "./picture-limits.ts";

const limits = PICTURE_LIMITS;

function painted(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 90 } } });
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail("was accepted"),
    (problem: unknown) => problem,
  );
  assert.ok(error instanceof PictureRefused, String(error));
  return `${error.reason}: ${error.message}`;
}

/** A small JPEG whose frame header claims another size. */
async function jpegThatClaims(width: number, height: number): Promise<Buffer> {
  const jpeg = await painted(64, 64).jpeg().toBuffer();
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, at + 5);
  jpeg.writeUInt16BE(width, at + 7);
  return jpeg;
}

test("JPEG, PNG and WebP are known by their bytes", async () => {
  const { jpeg, png, webp } = {
    jpeg: await painted(80, 60).jpeg().toBuffer(),
    png: await painted(80, 60).png().toBuffer(),
    webp: await painted(80, 60).webp().toBuffer(),
  };
  for (const [format, bytes] of Object.entries({ jpeg, png, webp })) {
    const picture = await inspectPicture(bytes, limits);
    assert.deepEqual([picture.format, picture.width, picture.height], [format, 80, 60]);
  }
});

test("a picture of 40,000 x 40,000 pixels is refused in one sentence, before anything is decoded", async () => {
  assert.equal(
    await refusal(inspectPicture(await jpegThatClaims(40_000, 40_000), limits)),
    "too-many-pixels: the picture has 40000 x 40000 pixels, more than the 50 million that are taken: make it smaller",
  );
  const png = await painted(64, 64).png().toBuffer();
  png.writeUInt32BE(40_000, 16);
  png.writeUInt32BE(40_000, 20);
  assert.match(await refusal(inspectPicture(png, limits)), /^(too-many-pixels|truncated): /);
});

test("a text file, an empty one and another format are each named for what they are", async () => {
  assert.equal(
    await refusal(inspectPicture(Buffer.from("I am a text.\n"), limits)),
    "not-a-picture: this is text, not a picture: send JPEG, PNG or WebP",
  );
  assert.match(
    await refusal(inspectPicture(new Uint8Array(), limits)),
    /^not-a-picture: the picture is empty/,
  );
  const gif = await painted(8, 8).gif().toBuffer();
  assert.match(
    await refusal(inspectPicture(gif, limits)),
    /^not-a-picture: this is not a picture that we know/,
  );
});

test("an animated picture is refused", async () => {
  const frames = await Promise.all([painted(8, 8).png().toBuffer(), painted(8, 8).negate().png().toBuffer()]);
  const animated = await sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer();
  assert.equal(
    await refusal(inspectPicture(animated, limits)),
    "animated: the WebP picture holds 2 pictures: send one at a time",
  );
});

test("a truncated picture is noticed by the thumbnail, wherever it was cut", async () => {
  const noise = await sharp({
    create: {
      width: 320,
      height: 240,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  for (const share of [0.3, 0.6, 0.95]) {
    const cut = noise.subarray(0, Math.floor(noise.length * share));
    assert.equal(
      await refusal(lumaThumbnail(cut, limits.maxPixels)),
      "truncated: the picture is damaged or ends too early",
    );
  }
});

test("a JPEG that fits passes untouched, any other picture is made an upright JPEG that fits", async () => {
  const small = await painted(320, 200).jpeg().toBuffer();
  const fitted = await fitPicture(small, await inspectPicture(small, limits), {
    longestSide: 640,
    maxPixels: 5e7,
  });
  assert.equal(fitted.jpeg, small);

  const turned = await painted(1_000, 500).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const inspected = await inspectPicture(turned, limits);
  assert.equal(inspected.orientation, 6);
  const upright = await fitPicture(turned, inspected, { longestSide: 640, maxPixels: 5e7 });
  assert.deepEqual([upright.width, upright.height], [320, 640]);
  assert.equal(readJpegHeader(upright.jpeg)?.orientation, 1);

  const png = await sharp({
    create: { width: 90, height: 60, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  const flat = await fitPicture(png, await inspectPicture(png, limits), { longestSide: 640, maxPixels: 5e7 });
  assert.deepEqual([flat.width, flat.height], [90, 60]);
});

test("the mean light is that of the picture", async () => {
  const white = await sharp({ create: { width: 64, height: 64, channels: 3, background: "white" } })
    .jpeg()
    .toBuffer();
  assert.ok(meanLight(await lumaThumbnail(white, 1e6)) > 0.99);
  const black = await sharp({ create: { width: 64, height: 64, channels: 3, background: "black" } })
    .jpeg()
    .toBuffer();
  assert.ok(meanLight(await lumaThumbnail(black, 1e6)) < 0.01);
});

test("untrusted bytes never break the header reader, and its answer is a possible size", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
      const bytes = new Uint8Array([0xff, 0xd8, ...tail]);
      const header = readJpegHeader(bytes);
      if (header)
        assert.ok(
          header.width > 0 && header.height > 0 && header.orientation >= 1 && header.orientation <= 8,
        );
    }),
  );
});

test("the header is read wherever the JPEG is cut, or is not there", async () => {
  const jpeg = await painted(48, 32).withMetadata({ orientation: 3 }).jpeg({ progressive: true }).toBuffer();
  for (let length = 0; length <= jpeg.length; length += 1) {
    const header = readJpegHeader(jpeg.subarray(0, length));
    if (header) assert.deepEqual([header.width, header.height, header.orientation], [48, 32, 3]);
  }
  assert.ok(readJpegHeader(jpeg));
});
