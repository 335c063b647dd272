import assert from "node:assert/strict";
import { test } from "node:test";
import { checkDuplicates } from "./check-duplicates.ts";
import { findNearDuplicates, likenessOfOneShot } from "./near-duplicates.ts";
import { blobs, inspectedOf, mirrored } from "./testdata/inspected.ts";

const unit = (...values: number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};

test("equal pixels, a smaller copy and a mirrored one are found; other pictures are not", async () => {
  const pictures = [
    inspectedOf({ fileName: "a" }, { picture: blobs(1), pixels: "1" }),
    inspectedOf({ fileName: "same" }, { picture: blobs(1), pixels: "1" }),
    inspectedOf({ fileName: "smaller" }, { picture: blobs(1, { width: 80, height: 60 }), pixels: "2" }),
    inspectedOf({ fileName: "mirrored" }, { picture: mirrored(blobs(1)), pixels: "3" }),
    inspectedOf({ fileName: "other" }, { picture: blobs(2), pixels: "4" }),
    inspectedOf({ fileName: "another" }, { picture: blobs(3), pixels: "5" }),
  ];
  const { pairs, cut } = await findNearDuplicates(pictures);
  assert.equal(cut, false);
  const found = pairs.map(
    ({ one, other, by }) => `${pictures[one]?.entry.fileName} ${pictures[other]?.entry.fileName} ${by}`,
  );
  assert.deepEqual(found.sort(), [
    "a mirrored shot",
    "a same same",
    "a smaller shot",
    "same mirrored shot",
    "same smaller shot",
    "smaller mirrored shot",
  ]);
  const findings = checkDuplicates(pictures, pairs);
  assert.deepEqual(
    findings.map(({ check, severity, pictures: names }) => [check, severity, names]),
    [
      ["duplicates", "warning", ["a", "same"]],
      ["near-duplicates", "warning", ["a", "same", "smaller", "mirrored"]],
    ],
  );
  assert.match(
    findings[1]?.message ?? "",
    /4 pictures may be one shot: keep the best, or give them one scene/,
  );
});

test("the same pixels under two names are an error", async () => {
  const pictures = ["wolf", "red"].map((label) =>
    inspectedOf({ fileName: label, label }, { picture: blobs(1), pixels: "1" }),
  );
  const [finding] = checkDuplicates(pictures, (await findNearDuplicates(pictures)).pairs);
  assert.equal(finding?.severity, "error");
  assert.match(finding?.message ?? "", /there twice, as red and as wolf: keep the right one/);
});

test("which looks are of one shot, the data set tells itself: crops of each picture, and pictures of others", async () => {
  const pictures = Array.from({ length: 10 }, (_, at) =>
    inspectedOf(
      { fileName: `${at}`, label: at % 2 === 0 ? "wolf" : "red" },
      {
        picture: blobs(at),
        // Wolves are alike to .9, another crop of one is to .99.
        look: at % 2 === 0 ? unit(1, at / 8, 0, 0) : unit(0, 0, 1, at / 8),
        shifted: at % 2 === 0 ? unit(1, at / 8, 0.1, 0) : unit(0, 0.1, 1, at / 8),
      },
    ),
  );
  const least = likenessOfOneShot(pictures);
  assert.ok(least !== undefined && least > 0.99 && least < 1, String(least));
  const crop = inspectedOf({ fileName: "crop" }, { picture: blobs(77), look: unit(1, 0.01, 0, 0) });
  const { pairs } = await findNearDuplicates([...pictures, crop]);
  assert.ok(pairs.some(({ one, other, by }) => one === 0 && other === 10 && by === "look"));
  assert.ok(pairs.every(({ by, likeness }) => by === "look" && likeness >= least));
  assert.equal(likenessOfOneShot(pictures.slice(0, 4)), undefined, "from four pictures nothing can be told");
});
