import assert from "node:assert/strict";
import { test } from "node:test";
import { madeUp } from "../testdata/made-up-exhibit.ts";
import { layOut, planCollages } from "./collage.ts";

function plain(width: number, height: number, value: number) {
  return { rgb: new Uint8Array(width * height * 3).fill(value), width, height };
}

test("pictures stand side by side at one height, each with its own proportions, at most 640 pixels wide", async () => {
  const laid = await layOut([plain(640, 480, 10), plain(300, 600, 100), plain(200, 200, 200)]);
  assert.ok(laid.width <= 641 && laid.width > 600, `${laid.width}`);
  assert.equal(laid.rgb.length, laid.width * laid.height * 3);
  const row = Math.floor(laid.height / 2) * laid.width * 3;
  const widths = [10, 100, 200].map(
    (value) =>
      Array.from(laid.rgb.subarray(row, row + laid.width * 3)).filter((one) => one === value).length / 3,
  );
  assert.deepEqual(
    widths.map((width) => Math.round((width / laid.height) * 10) / 10),
    [1.3, 0.5, 1],
  );
});

test("collages show one to three different subjects of the held-out pictures, as many of each number", () => {
  const test_ = ["red", "wolf", "axe", "mother"].flatMap((label) => [madeUp([label]), madeUp([label])]);
  const [fold, ...others] = planCollages(
    [{ train: [], test: [...test_, madeUp([]), madeUp(["red", "wolf"])] }],
    {
      count: 30,
      seed: 2,
    },
  );
  assert.equal(others.length, 0);
  const sizes = [1, 2, 3].map((size) => fold?.test.filter(({ parts }) => parts.length === size).length);
  assert.deepEqual(sizes, [10, 10, 10]);
  for (const { parts } of fold?.test ?? []) {
    assert.equal(new Set(parts.map(({ present }) => present[0])).size, parts.length);
    assert.ok(parts.every((part) => part.present.length === 1));
  }
});
