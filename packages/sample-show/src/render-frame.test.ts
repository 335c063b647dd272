import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import { DURATION_MS, groundTruth, renderFrame, renderFrameRgb, ShowRenderer } from "./index.ts";

const SIZE = { width: 320, height: 180 };

test("the same time and seed give the same bytes, in another renderer too", async () => {
  const [first, second] = [new ShowRenderer(SIZE), new ShowRenderer(SIZE)];
  for (const timeMs of [5_000, 71_300, 105_050]) {
    const jpeg = await first.renderJpeg(timeMs);
    await first.renderJpeg(timeMs + 40);
    assert.ok(jpeg.equals(await first.renderJpeg(timeMs)), `${timeMs} ms, again`);
    assert.ok(jpeg.equals(await second.renderJpeg(timeMs)), `${timeMs} ms, another renderer`);
  }
});

test("another seed changes the sensor's noise, not the play", async () => {
  const one = await renderFrameRgb(30_000, { ...SIZE, seed: 1 });
  const two = await renderFrameRgb(30_000, { ...SIZE, seed: 2 });
  let [different, largest] = [0, 0];
  for (let i = 0; i < one.length; i++) {
    const difference = Math.abs((one[i] ?? 0) - (two[i] ?? 0));
    if (difference > 0) different++;
    largest = Math.max(largest, difference);
  }
  assert.ok(different > one.length / 2, `${different} of ${one.length} bytes differ`);
  assert.ok(largest < 40, `the largest difference is ${largest}`);
});

test("a frame is a JPEG of the asked size", async () => {
  const { format, width, height } = await sharp(
    await renderFrame(9_000, { width: 640, height: 360 }),
  ).metadata();
  assert.deepEqual({ format, width, height }, { format: "jpeg", width: 640, height: 360 });
});

test("the show begins again after its end", async () => {
  assert.deepEqual(await groundTruth(DURATION_MS + 12_000), await groundTruth(12_000));
  assert.deepEqual(await groundTruth(-1_000), await groundTruth(DURATION_MS - 1_000));
});

test("a size that is not 16:9 is refused with a sentence that names it", () => {
  assert.throws(() => new ShowRenderer({ width: 640, height: 480 }), /640 x 480.*16:9/);
  assert.throws(() => new ShowRenderer({ width: 16, height: 9 }), /16 x 9/);
  assert.throws(() => new ShowRenderer({ width: Number.NaN, height: 9 }), /16:9/);
});

test("two blackouts at least are dark in pixels, and nothing else is", async () => {
  let [blackouts, wasDark] = [0, false];
  for (let timeMs = 250; timeMs < DURATION_MS; timeMs += 1_000) {
    const { dark } = await groundTruth(timeMs);
    if (dark && !wasDark) blackouts++;
    wasDark = dark;
    const rgb = await renderFrameRgb(timeMs, SIZE);
    const mean = rgb.reduce((sum, value) => sum + value, 0) / rgb.length / 255;
    if (dark) assert.ok(mean < 0.06, `${timeMs} ms is dark, but its mean is ${mean.toFixed(3)}`);
    else assert.ok(mean > 0.03, `${timeMs} ms is not dark, but its mean is ${mean.toFixed(3)}`);
  }
  assert.ok(blackouts >= 2, `${blackouts} blackouts`);
});
