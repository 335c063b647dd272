import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Picture } from "@followspot/dataset";
import { SeededRandom, UserError } from "@followspot/domain";
import { ownEye } from "./eye.ts";
import { encodeModel, modelVersion } from "./model-file.ts";
import type { UnderstudyModel } from "./model.ts";
import { type Recognition, recognizeCrop, recognizePixels } from "./recognize.ts";
import { NOBODY } from "./score-look.ts";
import { trainUnderstudy } from "./train-understudy.ts";
import { drawStage, paintedSamples } from "./testdata/painted-samples.ts";

const SEED = { seed: 7 } as const;
let model: UnderstudyModel;

before(async () => {
  model = await trainUnderstudy(paintedSamples(), SEED);
});

async function look(picture: Picture, wanted?: readonly string[]): Promise<Recognition> {
  return await recognizePixels({ model, eye: ownEye }, picture, wanted);
}

async function scoreOf(picture: Picture, label: string): Promise<number> {
  return (await look(picture)).labels.find((one) => one.label === label)?.score ?? NaN;
}

test("it names subjects in scenes that it has not seen, and says how often", () => {
  assert.deepEqual(model.labels, ["axe", "red", "wolf"]);
  assert.ok(model.accuracy);
  const { top1, low, high, subjects, scenes } = model.accuracy;
  assert.deepEqual([subjects, scenes], [36, 3]);
  assert.ok(top1 > 0.8, `top-1 is ${top1}`);
  assert.ok(low <= top1 && top1 <= high, `${low} <= ${top1} <= ${high}`);
});

test("several subjects in one picture get each their label and a box near the truth", async () => {
  const { picture, truth } = drawStage(["red", "wolf"], new SeededRandom(99));
  const { labels } = await look(picture);
  assert.deepEqual(
    labels
      .slice(0, 2)
      .map(({ label }) => label)
      .sort(),
    ["red", "wolf"],
  );
  for (const { label, box } of labels.slice(0, 2)) {
    const where = truth.find((one) => one.label === label)?.box;
    assert.ok(box && where, `${label} has a box`);
    const inX = box.left < where.left + where.width && where.left < box.left + box.width;
    const inY = box.top < where.top + where.height && where.top < box.top + box.height;
    assert.ok(inX && inY, `${label} is where it is`);
  }
});

test("an empty stage scores lower than one with the subject on it", async () => {
  const empty = drawStage([], new SeededRandom(5)).picture;
  const full = drawStage(["red"], new SeededRandom(5)).picture;
  assert.ok((await scoreOf(full, "red")) > (await scoreOf(empty, "red")) + 0.3, "red counts");
});

test("in a blackout nobody is seen", async () => {
  const { picture } = drawStage(["red"], new SeededRandom(5));
  const dark = { ...picture, rgb: picture.rgb.map((value) => value * 0.04) };
  for (const { raw, box } of (await look(dark)).labels) assert.deepEqual([raw, box], [NOBODY, undefined]);
});

test("dimming and a tint of the whole picture change little", async () => {
  const { picture } = drawStage(["red"], new SeededRandom(5));
  const tinted = {
    ...picture,
    rgb: picture.rgb.map((value, at) => value * ([0.75, 0.65, 0.7][at % 3] as number)),
  };
  const change = Math.abs((await scoreOf(picture, "red")) - (await scoreOf(tinted, "red")));
  assert.ok(change < 0.35, `the score stays: ${change}`);
});

test("only the labels that were asked for are answered, those never learnt not at all", async () => {
  const { picture } = drawStage(["red"], new SeededRandom(5));
  const { labels } = await look(picture, ["wolf", "nobody-yet"]);
  assert.deepEqual(
    labels.map(({ label }) => label),
    ["wolf"],
  );
});

test("scores are probabilities, most probable first, boxes lie in the picture", async () => {
  const { picture } = drawStage(["axe", "wolf"], new SeededRandom(11));
  const { labels, unknown } = await look(picture);
  const scores = labels.map(({ score }) => score);
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  for (const score of [...scores, unknown]) assert.ok(score >= 0 && score <= 1);
  for (const { box } of labels) {
    if (!box) continue;
    assert.ok(box.left >= 0 && box.left + box.width <= picture.width + 8);
    assert.ok(box.top >= 0 && box.top + box.height <= picture.height + 8);
  }
});

test("the same seed gives the same bytes, another seed another model", async () => {
  const few = paintedSamples().filter((_, index) => index % 2 === 0);
  const train = async (seed: number) => encodeModel(await trainUnderstudy(few, { seed }));
  const [first, again, other] = [await train(1), await train(1), await train(2)];
  assert.deepEqual(first, again);
  assert.notEqual(modelVersion(first), modelVersion(other));
});

test("progress goes up to the end, and training can be called off", async () => {
  const shares: number[] = [];
  const stop = new AbortController();
  const training = trainUnderstudy(paintedSamples(), {
    seed: 1,
    signal: stop.signal,
    onProgress: (share) => {
      shares.push(share);
      if (share > 0.2) stop.abort();
    },
  });
  await assert.rejects(training, { name: "AbortError" });
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
});

test("a data set without anybody of the cast is refused", async () => {
  const strangers = paintedSamples().map((sample) => ({ ...sample, label: "unknown", objects: undefined }));
  await assert.rejects(trainUnderstudy(strangers, SEED), UserError);
});

test("a box is named without a look at the rest of the picture", async () => {
  const { picture, truth } = drawStage(["red", "wolf"], new SeededRandom(99));
  for (const { label, box } of truth) {
    const { labels } = await recognizeCrop({ model, eye: ownEye }, picture, box);
    assert.equal(labels[0]?.label, label);
  }
  const dark = { ...picture, rgb: new Uint8Array(picture.rgb.length) };
  const { labels } = await recognizeCrop(
    { model, eye: ownEye },
    dark,
    truth[0]?.box ?? { left: 0, top: 0, width: 9, height: 9 },
  );
  assert.ok(labels.every(({ score }) => score < 0.5));
});
