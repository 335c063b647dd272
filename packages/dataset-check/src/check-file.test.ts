import assert from "node:assert/strict";
import { test } from "node:test";
import sharp, { type Sharp } from "sharp";
import { checkFile } from "./check-file.ts";
import { entryOf } from "./testdata/inspected.ts";

const painted = (): Sharp => sharp({ create: { width: 64, height: 48, channels: 3, background: "#a03040" } });

async function said(bytes: Uint8Array, fileName = "a.jpg"): Promise<string[]> {
  return (await checkFile(entryOf({ fileName }), bytes)).map(({ check, message }) => `${check}: ${message}`);
}

test("a plain JPEG is nothing to complain about", async () => {
  assert.deepEqual(await said(await painted().jpeg().toBuffer()), []);
});

test("a file that is not what its name says is told", async () => {
  assert.deepEqual(await said(await painted().png().toBuffer()), [
    "format: the file is a PNG, but its name says JPEG: rename it",
  ]);
  assert.deepEqual(await said(await painted().jpeg().toBuffer(), "a.bin"), [
    "format: the file is a JPEG, but its name does not say so: rename it",
  ]);
});

test("an MPO is accepted, and said to be one", async () => {
  const jpeg = await painted().jpeg().toBuffer();
  const mpf = Buffer.from([0xff, 0xe2, 0, 8, 0x4d, 0x50, 0x46, 0, 0, 0]);
  const mpo = Buffer.concat([jpeg.subarray(0, 2), mpf, jpeg.subarray(2), jpeg]);
  assert.deepEqual(await said(mpo), ["format: the file holds several pictures (MPO): the first one is used"]);
});

test("CMYK, 16 bits and animations are said to lose something", async () => {
  const cmyk = await painted().toColourspace("cmyk").jpeg().toBuffer();
  assert.match((await said(cmyk)).join(), /made for print \(CMYK\)/);
  const deep = await painted().toColourspace("rgb16").png().toBuffer();
  assert.match((await said(deep, "a.png")).join(), /more than 8 bits/);
  const frames = Buffer.concat([Buffer.alloc(32 * 32 * 3, 200), Buffer.alloc(32 * 32 * 3, 10)]);
  const raw = { width: 32, height: 64, channels: 3, pageHeight: 32 } as const;
  assert.match(
    (await said(await sharp(frames, { raw }).gif().toBuffer(), "a.gif")).join(),
    /has 2 frames: only the first/,
  );
});

test("a picture that a tag turns, and one that tells where it was taken, are told", async () => {
  const turned = await painted().jpeg().withMetadata({ orientation: 6 }).toBuffer();
  assert.match((await said(turned)).join(), /^orientation: the picture is turned by an EXIF tag/);
  const exif = { IFD3: { GPSLatitudeRef: "N", GPSLatitude: "51/1 30/1 0/1" } };
  const placed = await painted().jpeg().withExif(exif).toBuffer();
  assert.deepEqual(await said(placed), [
    "place: the file tells where it was taken (GPS): `dataset import` takes that out",
  ]);
  const signed = await painted()
    .jpeg()
    .withExif({ IFD0: { Copyright: "somebody" } })
    .toBuffer();
  assert.deepEqual(await said(signed), [], "EXIF without a place is harmless");
});
