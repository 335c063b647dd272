import assert from "node:assert/strict";
import { test } from "node:test";
import { checkLeaks } from "./check-leaks.ts";
import type { NearPair } from "./near-duplicates.ts";
import { inspectedOf } from "./testdata/inspected.ts";

const pair = (by: NearPair["by"]): NearPair[] => [{ one: 0, other: 1, by, likeness: 1 }];

test("a scene on both sides is an error, whichever side nobody has named", () => {
  for (const learnt of ["train", undefined] as const) {
    for (const judged of ["test", "golden"] as const) {
      const pictures = [
        inspectedOf({ fileName: "a", scene: "kitchen", split: learnt }),
        inspectedOf({ fileName: "b", scene: "kitchen", split: judged }),
        inspectedOf({ fileName: "c", scene: "garden", split: judged }),
      ];
      const findings = checkLeaks(pictures, []);
      assert.equal(findings.length, 1);
      assert.equal(findings[0]?.severity, "error");
      assert.match(
        findings[0]?.message ?? "",
        /scene "kitchen" is both learnt from and judged by.*`dataset split`/,
      );
      assert.deepEqual(findings[0]?.pictures, ["a", "b"]);
    }
  }
});

test("one picture on both sides is an error, what may be one shot a warning, mere likeness nothing", () => {
  const pictures = [
    inspectedOf({ fileName: "a", split: "train" }),
    inspectedOf({ fileName: "b", split: "test" }),
  ];
  const severities = (["same", "shot", "look"] as const).map(
    (by) => checkLeaks(pictures, pair(by))[0]?.severity,
  );
  assert.deepEqual(severities, ["error", "warning", undefined]);
});

test("one shot in two scenes is told, since a scene left out would not be unseen", () => {
  const inScenes = (one: string | undefined, other: string | undefined) =>
    checkLeaks(
      [inspectedOf({ fileName: "a", scene: one }), inspectedOf({ fileName: "b", scene: other })],
      pair("shot"),
    );
  assert.match(inScenes("kitchen", "garden")[0]?.message ?? "", /is in two scenes.*give both one scene/);
  assert.match(inScenes(undefined, undefined)[0]?.message ?? "", /is in two scenes/);
  assert.deepEqual(inScenes("kitchen", "kitchen"), []);
});
