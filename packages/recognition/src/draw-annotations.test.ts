import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { drawAnnotations } from "./draw-annotations.ts";

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#203040" } })
    .jpeg()
    .toBuffer();

const FOUND = {
  labels: [
    { label: "red", score: 0.93, raw: 3, box: { left: 20, top: 30, width: 100, height: 80 } },
    { label: "wolf", score: 0.2, raw: 1, box: { left: 200, top: 30, width: 50, height: 80 } },
    { label: `<b>&"'`, score: 0.9, raw: 1, box: undefined },
  ],
  unknown: 0.8,
};

test("a box is drawn where a label was found, and nowhere else", async () => {
  const drawn = await drawAnnotations(
    await plain(320, 200),
    { ...FOUND, width: 320, height: 200 },
    { format: "png" },
  );
  const { data, info } = await sharp(drawn).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [320, 200]);
  const bright = (x: number, y: number) =>
    Math.max(...data.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3)) > 150;
  assert.ok(bright(70, 109) || bright(70, 110) || bright(70, 111), "the lower edge of the box is drawn");
  assert.ok(!bright(225, 70), "a label with a low score is not");
});

test("a large picture is brought to a size that can be looked at", async () => {
  const drawn = await drawAnnotations(await plain(4_000, 3_000), { ...FOUND, width: 4_000, height: 3_000 });
  const { width, height, format } = await sharp(drawn).metadata();
  assert.deepEqual([width, height, format], [2_048, 1_536, "jpeg"]);
});
