import assert from "node:assert/strict";
import { test } from "node:test";
import { describeConfusions } from "./confusions.ts";

const FOX = { label: "fox", tested: 4, right: 4, rivals: [] };

test("the sentence says how many were right, who it was taken for, and who comes near", () => {
  assert.equal(
    describeConfusions(FOX),
    "of 4 pictures kept aside 4 were named fox; nobody else of the cast comes near it",
  );
  const rivals = [
    { label: "wolf", mistakes: 2, score: 0.6 },
    { label: "bird", mistakes: 0, score: 0.214 },
  ];
  assert.equal(
    describeConfusions({ ...FOX, right: 1, rivals }),
    "of 4 pictures kept aside 1 was named fox; it was taken for wolf (2); nearest to it is bird (0.21)",
  );
  assert.match(describeConfusions({ ...FOX, tested: 0, right: 0 }), /too few pictures of fox/);
});
