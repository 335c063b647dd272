import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { decodePicture } from "../picture.ts";
import { bakePicture } from "./bake-picture.ts";
import { stripJpeg } from "./strip-jpeg.ts";
import { stripPng } from "./strip-png.ts";

/** Four quarters of different colours: however it is turned or mirrored, it is seen. */
function quarters(width: number, height: number): Sharp {
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      rgb[at] = x < width / 2 ? 220 : 30;
      rgb[at + 1] = y < height / 2 ? 220 : 30;
      rgb[at + 2] = x < width / 2 && y < height / 2 ? 200 : 20;
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

const GPS = {
  IFD0: { Copyright: "the photographer" },
  IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" },
};

async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return await sharp(bytes).autoOrient().removeAlpha().toColourspace("srgb").raw().toBuffer();
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length);
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] as number) - (other[at] as number));
  return sum / one.length;
}

async function assertBare(bytes: Uint8Array): Promise<void> {
  const { exif, xmp, iptc, orientation, comments, depth } = await sharp(bytes).metadata();
  assert.deepEqual(
    { exif, xmp, iptc, comments },
    { exif: undefined, xmp: undefined, iptc: undefined, comments: undefined },
  );
  assert.ok(orientation === undefined || orientation === 1);
  assert.equal(depth, "uchar");
  assert.ok(!Buffer.from(bytes).includes("photographer"));
}

test("EXIF, GPS and comments go, and of the pixels of a JPEG not one bit changes", async () => {
  const withExif = await quarters(80, 48).jpeg().withExif(GPS).toBuffer();
  assert.ok(withExif.includes("photographer"));
  // A comment, and XMP, right behind the start of the file.
  const segment = (marker: number, text: string): Buffer => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(text.length + 2, 2);
    return Buffer.concat([head, Buffer.from(text, "latin1")]);
  };
  const xmp = segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<photographer/>");
  const jpeg = Buffer.concat([
    withExif.subarray(0, 2),
    xmp,
    segment(0xfe, "photographer"),
    withExif.subarray(2),
  ]);
  const baked = await bakePicture(jpeg);
  await assertBare(baked.bytes);
  assert.deepEqual([baked.extension, baked.width, baked.height, baked.notes], ["jpg", 80, 48, []]);
  assert.deepEqual(await pixelsOf(baked.bytes), await pixelsOf(jpeg));
  assert.deepEqual(
    Buffer.from((await bakePicture(baked.bytes)).bytes),
    Buffer.from(baked.bytes),
    "twice is once",
  );
});

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`orientation ${orientation} is baked in`, async () => {
    const turned = await quarters(96, 64)
      .jpeg({ quality: 100 })
      .withMetadata({ orientation })
      .withExifMerge(GPS)
      .toBuffer();
    const baked = await bakePicture(turned);
    await assertBare(baked.bytes);
    const { width, height, rgb } = await decodePicture(turned);
    assert.deepEqual([baked.width, baked.height, baked.orientation], [width, height, orientation]);
    assert.deepEqual([width, height], orientation >= 5 ? [64, 96] : [96, 64]);
    assert.ok(meanDifference(await pixelsOf(baked.bytes), rgb) < 2);
  });
}

test("of an MPO the first picture remains", async () => {
  const first = await quarters(80, 48).jpeg().withExif(GPS).toBuffer();
  const second = await quarters(40, 24).jpeg().withExif(GPS).toBuffer();
  const baked = await bakePicture(Buffer.concat([first, second]));
  await assertBare(baked.bytes);
  assert.ok(baked.bytes.length < first.length);
  assert.deepEqual(await pixelsOf(baked.bytes), await pixelsOf(first));
});

test("a progressive JPEG, with its many scans, stays bit for bit too", async () => {
  const jpeg = await quarters(160, 96).jpeg({ progressive: true }).withExif(GPS).toBuffer();
  const baked = await bakePicture(jpeg);
  assert.deepEqual(await pixelsOf(baked.bytes), await pixelsOf(jpeg));
});

test("a colour profile stays with its pixels", async () => {
  const jpeg = await quarters(64, 48).jpeg().withIccProfile("p3").toBuffer();
  const baked = await bakePicture(jpeg);
  assert.ok((await sharp(baked.bytes).metadata()).icc);
  assert.ok(meanDifference((await decodePicture(baked.bytes)).rgb, (await decodePicture(jpeg)).rgb) === 0);
});

for (const [what, make, extension, note] of [
  [
    "CMYK",
    (picture: Sharp) => picture.toColourspace("cmyk").jpeg({ quality: 100 }).withIccProfile("cmyk"),
    "jpg",
    /CMYK/,
  ],
  ["16-bit", (picture: Sharp) => picture.toColourspace("rgb16").png(), "png", /8 bits/],
  ["16-bit grey", (picture: Sharp) => picture.toColourspace("grey16").png(), "png", /8 bits/],
  ["TIFF", (picture: Sharp) => picture.tiff({ compression: "none" }), "png", undefined],
  ["WebP", (picture: Sharp) => picture.webp({ quality: 100 }), "jpg", undefined],
  ["AVIF", (picture: Sharp) => picture.avif({ quality: 90 }), "jpg", undefined],
  ["GIF", (picture: Sharp) => picture.gif(), "png", undefined],
] as const) {
  test(`${what} becomes ${extension} of 8 bits, looking as before`, async () => {
    const bytes = await make(quarters(96, 64)).toBuffer();
    const baked = await bakePicture(bytes);
    await assertBare(baked.bytes);
    assert.equal(baked.extension, extension);
    assert.ok(meanDifference((await decodePicture(baked.bytes)).rgb, (await decodePicture(bytes)).rgb) < 3);
    if (note) assert.match(baked.notes.join(), note);
    else assert.deepEqual(baked.notes, []);
  });
}

test("of an animation the first picture is taken, and that is said", async () => {
  const frames = Buffer.concat([Buffer.alloc(32 * 32 * 3, 200), Buffer.alloc(32 * 32 * 3, 10)]);
  const raw = { width: 32, height: 64, channels: 3, pageHeight: 32 } as const;
  for (const animated of [
    await sharp(frames, { raw }).gif().toBuffer(),
    await sharp(frames, { raw }).webp().toBuffer(),
  ]) {
    const baked = await bakePicture(animated);
    assert.deepEqual([baked.width, baked.height], [32, 32]);
    assert.match(baked.notes.join(), /animated: the first of 2 pictures was taken/);
    assert.ok(((await decodePicture(baked.bytes)).rgb[0] as number) > 150);
  }
});

test("a PNG loses its text and keeps its pixels and its transparency", async () => {
  const png = await quarters(40, 40).ensureAlpha(0.5).png().withExif(GPS).toBuffer();
  const baked = await bakePicture(png);
  await assertBare(baked.bytes);
  assert.equal((await sharp(baked.bytes).metadata()).hasAlpha, true);
  assert.deepEqual(await sharp(baked.bytes).raw().toBuffer(), await sharp(png).raw().toBuffer());
});

test("what cannot be decoded to its last pixel is refused in one sentence", async () => {
  const jpeg = await quarters(400, 300).jpeg().toBuffer();
  const png = await quarters(400, 300).png().toBuffer();
  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(), /empty/],
    ["text", Buffer.from("this is no picture"), /no picture of a known type.*: save it again/],
    ["a JPEG without its end", jpeg.subarray(0, jpeg.length - 200), /cannot be decoded/],
    ["a PNG without its end", png.subarray(0, png.length - 100), /cannot be decoded \(.*read error\)/],
    ["HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0"), /HEIC.*save it as JPEG/],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"/>'), /type svg/],
  ];
  for (const [what, bytes, message] of bad) {
    await assert.rejects(bakePicture(bytes), (error: Error) => {
      assert.ok(error instanceof UserError, `${what}: ${error.stack}`);
      assert.match(error.message, message, what);
      assert.ok(!error.message.includes("\n"), what);
      return true;
    });
  }
});

test("whatever bytes come, they are stripped or not, but nothing is thrown", async () => {
  const jpeg = await quarters(32, 32).jpeg().withExif(GPS).toBuffer();
  const png = await quarters(32, 32).png().toBuffer();
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.constantFrom(jpeg, png), damage, fc.nat(), (whole, changes, cut) => {
      const bytes = Buffer.from(whole.subarray(0, 1 + (cut % whole.length)));
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      stripJpeg(bytes);
      stripPng(bytes);
    }),
    { numRuns: 2_000 },
  );
});

test("a damaged picture is baked or refused, never anything else", async () => {
  const jpeg = await quarters(48, 32).jpeg().withExif(GPS).toBuffer();
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 255 }), async (at, value) => {
      const bytes = Buffer.from(jpeg);
      bytes[at % bytes.length] = value;
      await bakePicture(bytes).catch((error: unknown) => assert.ok(error instanceof UserError));
    }),
    { numRuns: 200 },
  );
});
