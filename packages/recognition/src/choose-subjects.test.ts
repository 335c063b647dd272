import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseSubjects } from "./choose-subjects.ts";
import type { DescribedSample } from "./describe-samples.ts";
import { unit } from "./vectors.ts";

const box = (left: number) => ({ left, top: 0, width: 10, height: 10 });
const look = (...parts: number[]) => unit(Float32Array.from(parts));

/** A photograph without boxes: what it is about stands out less than the place does. */
function photograph(label: string, subject: Float32Array, place: Float32Array): DescribedSample {
  return {
    label,
    scene: label,
    candidates: [
      { box: box(0), figure: 0.9, look: place },
      { box: box(40), figure: 0.6, look: subject },
    ],
    framed: [],
    prominence: [0.9, 0.6],
  };
}

const WOLF = look(1, 0, 0, 0.1);
const RED = look(0, 1, 0, 0.1);
const BENCH = look(0, 0, 1, 0);
const GRASS = look(0, 0, 0, 1);

test("what is the same in a label's pictures is the subject, what changes or others have too is the place", () => {
  const { subjects, places } = chooseSubjects([
    photograph("wolf", WOLF, BENCH),
    photograph("wolf", WOLF, GRASS),
    photograph("red", RED, BENCH),
    photograph("red", RED, GRASS),
  ]);
  assert.deepEqual(
    subjects.map((subject) => subject.look),
    [WOLF, WOLF, RED, RED],
  );
  assert.deepEqual(
    places.map((place) => place.look),
    [BENCH, GRASS, BENCH, GRASS],
  );
});

test("who was framed by a person is believed, and what overlaps nobody is the place", () => {
  const framed: DescribedSample = {
    ...photograph("wolf", WOLF, BENCH),
    framed: [
      { label: "wolf", box: box(38), look: WOLF, far: undefined },
      { label: "unknown", box: box(80), look: GRASS, far: undefined },
    ],
    prominence: [],
  };
  const { subjects, places } = chooseSubjects([framed]);
  assert.deepEqual(
    subjects.map(({ label }) => label),
    ["wolf", "unknown"],
  );
  assert.deepEqual(
    places.map((place) => place.look),
    [BENCH],
  );
});

test("with one picture of a label, what stands out is the subject", () => {
  const { subjects } = chooseSubjects([photograph("wolf", WOLF, BENCH)]);
  assert.deepEqual(subjects[0]?.look, BENCH);
});
