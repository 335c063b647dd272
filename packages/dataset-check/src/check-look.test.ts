import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Picture } from "@followspot/dataset";
import sharp, { type Sharp } from "sharp";
import { checkLook } from "./check-look.ts";
import { blobs, entryOf } from "./testdata/inspected.ts";

const SIZE = { width: 320, height: 240 };
const WHOLE = { left: 0, top: 0, ...SIZE };

/** What is said about the subject in `box` of this picture, which was taken `larger` times as large. */
function said(
  picture: Picture,
  { box = WHOLE, larger = 2 }: { readonly box?: Box; readonly larger?: number } = {},
): string[] {
  const full = { width: picture.width * larger, height: picture.height * larger };
  const subjects = [{ label: "wolf", box, framed: true }];
  return checkLook(entryOf({ fileName: "a" }), { full, picture, factor: 1 / larger, subjects }).map(
    ({ check, message }) => `${check}: ${message}`,
  );
}

async function changed(picture: Picture, change: (image: Sharp) => Sharp): Promise<Picture> {
  const { rgb, width, height } = picture;
  const { data, info } = await change(sharp(rgb, { raw: { width, height, channels: 3 } }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

test("a crisp, bright picture of something large is nothing to complain about", () => {
  assert.deepEqual(said(blobs(1, SIZE)), []);
});

test("a hundred pixels of the picture as it was taken are enough, fewer are not", () => {
  const box = { left: 40, top: 40, width: 120, height: 50 };
  assert.deepEqual(said(blobs(1, SIZE), { box, larger: 2 }), []);
  assert.deepEqual(said(blobs(1, SIZE), { box: { ...box, height: 49.4 }, larger: 2 }), [
    "size: wolf is only 99 pixels on its short side: below 100 too little tells it from others",
  ]);
});

test("what is out of focus is told", async () => {
  const blurred = await changed(blobs(1, SIZE), (image) => image.blur(4));
  assert.deepEqual(said(blurred), ["blur: wolf is blurred: take a sharp picture"]);
});

test("what lies in the dark, or in too much light, is told", async () => {
  const dark = await changed(blobs(1, SIZE), (image) => image.linear(0.15, 0));
  assert.deepEqual(said(dark), ["light: wolf is hardly visible in the dark: take one with more light"]);
  const bright = await changed(blobs(1, SIZE), (image) => image.linear(0.1, 225));
  assert.deepEqual(said(bright), ["light: wolf is washed out by light: take one with less"]);
});

test("bars that were put around a picture are told, with their side; a plain wall is none", async () => {
  const barred = await changed(blobs(1, SIZE), (image) =>
    image.extend({ top: 30, bottom: 30, background: "black" }),
  );
  assert.deepEqual(
    said(barred, { box: { ...WHOLE, top: 30 } }).map((message) => message.replace(/\d+ %/, "N %")),
    [
      "bars: a plain bar covers N % at the top: cut it off",
      "bars: a plain bar covers N % at the bottom: cut it off",
    ],
  );
});

test("a box that leaves its picture is told, and an error where nothing of it is left", () => {
  const picture = blobs(1, SIZE);
  const box = { left: 600, top: 10, width: 60, height: 200 };
  const objects = [
    { label: "wolf", box },
    { label: "red", box: { ...box, left: 700 } },
    { label: "axe", box: { ...box, left: 100 } },
  ];
  const full = { width: 640, height: 480 };
  const findings = checkLook(entryOf({ fileName: "a", objects }), {
    full,
    picture,
    factor: 0.5,
    subjects: [],
  });
  assert.deepEqual(
    findings.map(({ severity, message }) => `${severity} ${message}`),
    [
      "warning objects.bbox.0 (wolf) lies partly outside the picture of 640 x 480 pixels: draw it again",
      "error objects.bbox.1 (red) lies outside the picture of 640 x 480 pixels: draw it again",
    ],
  );
});
