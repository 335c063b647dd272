import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import sharp from "sharp";
import { appendPictures, type PictureAddition } from "../append-pictures.ts";
import { exportDataset } from "../export/export-dataset.ts";
import { importDataset } from "../import/import-dataset.ts";
import type { LabelledBox, PictureEntry } from "../metadata-line.ts";
import { readDataset } from "../read-dataset.ts";
import type { BoxStyle, Format } from "./format-names.ts";
import { qwenSize } from "./box-coordinates.ts";

const SIZES = [
  { width: 64, height: 48 },
  { width: 37, height: 211 },
  { width: 400, height: 90 },
] as const;
const MAX_PIXELS = 56 * 56 * 4;

const pictures = await Promise.all(
  SIZES.map(({ width, height }, at) =>
    sharp({ create: { width, height, channels: 3, background: { r: 40 * at, g: 90, b: 200 } } })
      .jpeg()
      .toBuffer(),
  ),
);

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,6}(?:-[a-z0-9]{1,3})?$/).filter((text) => text !== "unknown");
const words = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
  .map((text) => `a ${text.trim()} b`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const extra = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,8}$/), fc.jsonValue(), {
  minKeys: 1,
  maxKeys: 2,
  noNullPrototype: true,
});

function boxWithin({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): fc.Arbitrary<LabelledBox> {
  const share = fc.double({ min: 0, max: 0.9, noNaN: true });
  const extent = fc.double({ min: 0.05, max: 1, noNaN: true });
  return fc.tuple(id, share, share, extent, extent).map(([label, left, top, wide, tall]) => ({
    label,
    box: {
      left: left * width,
      top: top * height,
      width: wide * (width - left * width),
      height: tall * (height - top * height),
    },
  }));
}

type Described = Omit<PictureAddition, "bytes">;

function additionOf(at: number): fc.Arbitrary<Described> {
  const size = SIZES[at] as (typeof SIZES)[number];
  const objects = maybe(fc.array(boxWithin(size), { maxLength: 3 }));
  const shared = {
    suggestedName: fc.constant(`picture ${at}`),
    scene: maybe(fc.oneof(id, words)),
    caption: maybe(words),
    split: maybe(fc.constantFrom("train" as const, "test" as const, "golden" as const)),
    objects,
    extra: maybe(extra),
  };
  const member = fc.record({
    ...shared,
    kind: fc.constantFrom("character" as const, "prop" as const),
    label: id,
  });
  const stranger = fc.record({
    ...shared,
    kind: fc.constant("unknown" as const),
    label: fc.constant("unknown"),
  });
  return fc.oneof(member, stranger);
}

const additions = fc.tuple(additionOf(0), additionOf(1), additionOf(2));

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-formats-"));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What became of each picture, by its size, which is another for each. */
async function entriesOf(dir: string): Promise<PictureEntry[]> {
  const { pictures: read } = await readDataset(dir);
  const sized = await Promise.all(
    read.map(async ({ path, kind, label, scene, caption, split, objects, extra: columns }) => {
      const { width } = await sharp(path).metadata();
      const others = Object.entries(columns ?? {}).filter(([column]) => column !== "original");
      const kept = others.length > 0 ? { extra: Object.fromEntries(others) } : {};
      return { width, entry: { fileName: "", kind, label, scene, caption, split, objects, ...kept } };
    }),
  );
  return sized.toSorted((one, other) => one.width - other.width).map(({ entry }) => entry);
}

/** @returns the data set as it was, and as it came back. */
async function thereAndBack(
  given: readonly Described[],
  format: Format,
  boxes?: BoxStyle,
): Promise<{ readonly before: PictureEntry[]; readonly after: PictureEntry[] }> {
  return await inFolder(async (dir) => {
    const [from, out, back] = ["from", "out", "back"].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    await appendPictures(
      from,
      given.map((one, at) => ({ ...one, bytes: pictures[at] as Uint8Array })),
    );
    await exportDataset({ datasetDir: from, to: out, format, boxes, maxPixels: MAX_PIXELS });
    const report = await importDataset({ source: out, datasetDir: back });
    assert.deepEqual([report.format, report.problems, report.added], [format, [], 3]);
    const again = await importDataset({ source: out, datasetDir: back });
    assert.deepEqual([again.added, again.known], [0, 3], "importing twice adds nothing");
    const home = await importDataset({ source: out, datasetDir: from });
    assert.deepEqual([home.added, home.known], [0, 3], "where the pictures came from they are known");
    return { before: await entriesOf(from), after: await entriesOf(back) };
  });
}

function withoutBoxes({ objects, ...entry }: PictureEntry): object {
  return { ...entry, objects: objects?.map(({ label }) => label) };
}

/** How far a corner may be off, across and down, in pixels of the picture. */
type Tolerance = (size: { readonly width: number; readonly height: number }) => readonly [number, number];

const exact: Tolerance = () => [1e-9, 1e-9];
const halfPixel: Tolerance = () => [0.5, 0.5];
const halfThousandth: Tolerance = ({ width, height }) => [width / 2_000, height / 2_000];
const halfResized: Tolerance = (size) => {
  const seen = qwenSize(size, MAX_PIXELS);
  return [size.width / seen.width / 2, size.height / seen.height / 2];
};

function assertClose(before: PictureEntry, after: PictureEntry, tolerance: readonly [number, number]): void {
  for (const [at, { box }] of (before.objects ?? []).entries()) {
    const back = after.objects?.[at]?.box;
    assert.ok(back);
    const off = [
      back.left - box.left,
      back.top - box.top,
      back.left + back.width - box.left - box.width,
      back.top + back.height - box.top - box.height,
    ].map(Math.abs) as [number, number, number, number];
    // A box thinner than what the format can say is made as thin as it can say.
    const slack = box.width < 2 * tolerance[0] + 1e-6 || box.height < 2 * tolerance[1] + 1e-6 ? 2 : 1;
    const bound = (side: number): number => slack * side * (1 + 1e-9) + 1e-9;
    assert.ok(
      Math.max(off[0], off[2]) <= bound(tolerance[0]) && Math.max(off[1], off[3]) <= bound(tolerance[1]),
      `${JSON.stringify({ box, back, tolerance })}`,
    );
  }
}

const CASES: readonly (readonly [Format, BoxStyle | undefined, Tolerance])[] = [
  ["imagefolder", undefined, exact],
  ["coco", undefined, exact],
  ["voc", undefined, halfPixel],
  ["llava", "qwen2-vl", halfThousandth],
  ["llava", "qwen2.5-vl", halfResized],
  ["llava", "pixels", exact],
  ["sharegpt", "qwen2-vl", halfThousandth],
  ["sharegpt", "qwen2.5-vl", halfResized],
  ["ms-swift", "pixels", exact],
  ["ms-swift", "qwen2-vl", halfThousandth],
  ["ms-swift", "qwen2.5-vl", halfResized],
];

for (const [format, boxes, tolerance] of CASES) {
  test(`${[format, boxes].filter(Boolean).join(" with boxes of ")} brings everything back`, async () => {
    await fc.assert(
      fc.asyncProperty(additions, async (given) => {
        const { before, after } = await thereAndBack(given, format, boxes);
        assert.deepEqual(after.map(withoutBoxes), before.map(withoutBoxes));
        for (const [at, entry] of before.entries()) {
          const size = SIZES.toSorted((one, other) => one.width - other.width)[at];
          assertClose(entry, after[at] as PictureEntry, tolerance(size as (typeof SIZES)[number]));
        }
      }),
      { numRuns: 5 },
    );
  });
}

test("folders bring back names, scenes and captions, and say what they lose", async () => {
  const plain = fc.tuple(...SIZES.map((_, at) => additionOf(at))).map((given) =>
    given.map((one) => ({
      ...one,
      kind: one.kind === "prop" ? ("character" as const) : one.kind,
      scene: one.scene?.replaceAll(/[^a-z0-9]/g, "x"),
      split: undefined,
      objects: undefined,
      extra: undefined,
    })),
  );
  await fc.assert(
    fc.asyncProperty(plain, async (given) => {
      const { before, after } = await thereAndBack(given, "folders");
      assert.deepEqual(after, before);
    }),
    { numRuns: 5 },
  );
  await inFolder(async (dir) => {
    await appendPictures(join(dir, "from"), [
      {
        bytes: pictures[0] as Uint8Array,
        suggestedName: "x",
        kind: "character",
        label: "wolf",
        scene: "../../etc/.x",
      },
    ]);
    const report = await exportDataset({
      datasetDir: join(dir, "from"),
      to: join(dir, "out"),
      format: "folders",
    });
    assert.match(report.loses ?? "", /boxes, splits/);
  });
});
