import assert from "node:assert/strict";
import { test } from "node:test";
import type { CastMember } from "@followspot/domain";
import { checkBalance, countLabels } from "./check-balance.ts";
import type { Inspected } from "./inspect-picture.ts";
import type { NearPair } from "./near-duplicates.ts";
import { inspectedOf } from "./testdata/inspected.ts";

function some(label: string, count: number, scene?: string): Inspected[] {
  return Array.from({ length: count }, (_, at) => inspectedOf({ fileName: `${label}-${at}`, label, scene }));
}

function messages(
  pictures: readonly Inspected[],
  pairs: readonly NearPair[] = [],
  cast?: readonly CastMember[],
): string[] {
  return checkBalance(countLabels(pictures, pairs), cast).map(({ message }) => message);
}

test("three to one is fair, more is not", () => {
  const stranger = some("unknown", 1);
  assert.deepEqual(messages([...some("wolf", 15), ...some("red", 5), ...stranger]), []);
  assert.deepEqual(messages([...some("wolf", 16), ...some("red", 5), ...stranger]), [
    "wolf has 3.2 times as many pictures as red: at most 3 to 1 is fair to both",
  ]);
});

test("strangers may be many, but should not be none", () => {
  assert.deepEqual(messages([...some("wolf", 5), ...some("unknown", 50)]), []);
  assert.match(messages(some("wolf", 5)).join("\n"), /no picture is of somebody unknown/);
});

test("fewer than five shots are a guess, and what may be one shot counts once", () => {
  const pictures = [...some("wolf", 5), ...some("unknown", 1)];
  assert.deepEqual(messages(pictures), []);
  const twins: NearPair[] = [{ one: 0, other: 1, by: "shot", likeness: 1 }];
  assert.match(
    messages(pictures, twins).join(),
    /wolf has 5 pictures \(4 where near-duplicates count once\): below 5/,
  );
  assert.match(messages(some("red", 1)).join(), /red has one picture: below 5/);
});

test("a subject in one scene only is told, and one of the cast without any picture", () => {
  const cast = ["wolf", "axe"].map((id) => ({
    id,
    kind: "prop" as const,
    name: id,
    aliases: [],
    description: "",
  }));
  const found = messages([...some("wolf", 6, "kitchen"), ...some("unknown", 1)], [], cast);
  assert.match(found[0] ?? "", /all pictures of wolf are of one scene/);
  assert.match(found[1] ?? "", /axe is in the cast list, and no picture is of it/);
  assert.equal(found.length, 2);
});

test("whoever shares a picture is counted in it", () => {
  const box = { left: 0, top: 0, width: 10, height: 10 };
  const objects = ["wolf", "red"].map((label) => ({ label, box }));
  const counts = countLabels([inspectedOf({ fileName: "a", objects })], []);
  assert.deepEqual(
    counts.map(({ label, pictures, framed }) => [label, pictures, framed]),
    [
      ["red", 1, 1],
      ["wolf", 1, 1],
    ],
  );
});
