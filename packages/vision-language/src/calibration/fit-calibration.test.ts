import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import { calibrated } from "./calibration-file.ts";
import { type Evidence, fitCalibration } from "./fit-calibration.ts";

/** Answers of a model whose true odds are slope * raw + offset. */
function answers(
  label: string,
  count: number,
  { slope, offset }: { slope: number; offset: number },
): Evidence[] {
  const random = new SeededRandom(7);
  return Array.from({ length: count }, () => {
    const raw = (random.next() - 0.5) * 12;
    return { label, raw, present: random.next() < calibrated({ slope, offset }, raw) };
  });
}

test("a model that is too sure of itself is found out: slope and offset come back", () => {
  const { global } = fitCalibration(answers("fox", 4_000, { slope: 0.4, offset: -1 }));
  assert.ok(Math.abs(global.slope - 0.4) < 0.05, `slope ${global.slope}`);
  assert.ok(Math.abs(global.offset + 1) < 0.15, `offset ${global.offset}`);
});

test("a label with few pictures is drawn to the line of all, one with many goes its own way", () => {
  const common = answers("fox", 2_000, { slope: 1, offset: 0 });
  const rare = answers("bear", 60, { slope: 1, offset: -4 });
  const often = answers("bear", 2_000, { slope: 1, offset: -4 });
  const few = fitCalibration([...common, ...rare]);
  const many = fitCalibration([...common, ...often]);
  const [drawn, own] = [few.labels.bear?.offset ?? NaN, many.labels.bear?.offset ?? NaN];
  assert.ok(Math.abs(own + 4) < 0.5, `own ${own}`);
  assert.ok(drawn > own && drawn < few.global.offset, `${own} < ${drawn} < ${few.global.offset}`);
});

test("a label without enough of both kinds has no line, and strangers have theirs", () => {
  const lines = fitCalibration([
    ...answers("fox", 400, { slope: 0.5, offset: 0 }),
    ...Array.from({ length: 50 }, () => ({ label: "crown", raw: 1, present: true })),
    ...answers("unknown", 2_000, { slope: 0.5, offset: 2 }),
  ]);
  assert.equal(lines.labels.crown, undefined);
  assert.ok(Math.abs(lines.unknown.offset - 2) < 0.4, `offset ${lines.unknown.offset}`);
});

test("perfect answers do not become certainty, and nonsense never turns the evidence round", () => {
  const perfect = Array.from({ length: 40 }, (_, at) => ({
    label: "fox",
    raw: at % 2 === 0 ? 9 : -9,
    present: at % 2 === 0,
  }));
  const sure = calibrated(fitCalibration(perfect).global, 9);
  assert.ok(sure > 0.9 && sure < 0.999, `${sure}`);
  const wrong = perfect.map((one) => ({ ...one, present: !one.present }));
  assert.ok(fitCalibration(wrong).global.slope >= 0);
});

test("with hardly any evidence nothing is changed", () => {
  const lines = fitCalibration(answers("fox", 3, { slope: 0.1, offset: 5 }));
  assert.deepEqual(lines, { global: { slope: 1, offset: 0 }, labels: {}, unknown: { slope: 1, offset: 0 } });
});
