import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatasetPicture, Split } from "@followspot/dataset";
import { holdOut } from "./hold-out.ts";

function picture(
  label: string,
  scene: string,
  { split, number = 0 }: { split?: Split; number?: number } = {},
): DatasetPicture {
  return {
    fileName: `${label}-${scene}-${number}.jpg`,
    path: `/${label}-${scene}-${number}.jpg`,
    place: "metadata.jsonl:1",
    kind: "character",
    label,
    scene,
    caption: undefined,
    split,
    objects: undefined,
  };
}

const SCENES = ["hall", "garden", "attic", "cellar", "yard"];

test("a data set that has a test split is judged by it", () => {
  const pictures = [
    picture("fox", "hall"),
    picture("fox", "attic", { split: "test" }),
    picture("fox", "yard", { split: "golden" }),
  ];
  const { train, heldOut, by } = holdOut(pictures, 1);
  assert.deepEqual(train, [pictures[0]]);
  assert.deepEqual(heldOut, [pictures[1]]);
  assert.equal(by, "scene");
});

test("otherwise one scene in five is held out, and every label is still learnt", () => {
  const pictures = SCENES.flatMap((scene) => ["fox", "bear"].map((label) => picture(label, scene)));
  const { train, heldOut, by } = holdOut(pictures, 1);
  assert.equal(by, "scene");
  assert.equal(new Set(heldOut.map(({ scene }) => scene)).size, 1);
  assert.equal(heldOut.length, 2);
  assert.deepEqual(new Set(train.map(({ label }) => label)), new Set(["fox", "bear"]));
  assert.deepEqual(holdOut(pictures, 1).heldOut, heldOut);
});

test("in a single scene single pictures are held out, of each label but never all", () => {
  const pictures = ["fox", "bear"].flatMap((label) =>
    Array.from({ length: 10 }, (_, number) => picture(label, "hall", { number })),
  );
  const { train, heldOut, by } = holdOut(pictures, 1);
  assert.equal(by, "picture");
  assert.equal(train.length, 16);
  assert.deepEqual(heldOut.map(({ label }) => label).sort(), ["bear", "bear", "fox", "fox"]);
});
