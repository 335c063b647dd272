import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import sharp from "sharp";
import {
  type BoxUnit,
  boxOf,
  type Corners,
  cornersOf,
  fromUnit,
  qwenSize,
  toUnit,
  turnUpright,
  wholeSpan,
} from "./box-coordinates.ts";
import { readBoxes, writeBoxes } from "./box-text.ts";

const side = fc.integer({ min: 28, max: 4_000 });
const size = fc.record({ width: side, height: side });
const framed = size.chain(({ width, height }) =>
  fc
    .tuple(...[width, height, width, height].map((end) => fc.integer({ min: 0, max: end })))
    .map(([x1, y1, x2, y2]) => [x1, y1, x2, y2] as number[] as unknown as Corners)
    .filter(([x1, y1, x2, y2]) => x2 - x1 >= 8 && y2 - y1 >= 8)
    .map((corners) => ({ size: { width, height }, corners })),
);

// What Qwen's own function gives, for sizes around its bounds and where Python rounds halves to even.
for (const [width, height, maxPixels, wide, tall] of [
  [1000, 1000, 1_003_520, 980, 980],
  [4032, 3024, 1_003_520, 1148, 840],
  [640, 480, 1_003_520, 644, 476],
  [42, 70, 1_003_520, 56, 56],
  [98, 98, 1_003_520, 112, 112],
  [28, 28, 1_003_520, 56, 56],
  [30, 200, 1_003_520, 28, 196],
  [1920, 1080, 12_845_056, 1932, 1092],
] as const) {
  test(`Qwen sees ${width} x ${height} as ${wide} x ${tall}, with ${maxPixels} pixels at most`, () => {
    assert.deepEqual(qwenSize({ width, height }, maxPixels), { width: wide, height: tall });
  });
}

test("the size that Qwen sees is a multiple of 28 within the bounds, of about the same shape", () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 200 * 28 * 28, max: 5_000_000 }), (given, maxPixels) => {
      if (Math.max(given.width, given.height) / Math.min(given.width, given.height) > 20) return;
      const seen = qwenSize(given, maxPixels);
      assert.equal(seen.width % 28, 0);
      assert.equal(seen.height % 28, 0);
      assert.ok(seen.width * seen.height <= Math.max(maxPixels, 28 * 28 * 4));
      assert.ok(seen.width * seen.height >= 28 * 28 * 4);
      assert.ok(Math.abs(seen.width / given.width / (seen.height / given.height) - 1) < 1);
    }),
  );
  assert.throws(() => qwenSize({ width: 6_000, height: 20 }), UserError);
});

const UNITS: readonly [BoxUnit, (size: { width: number; height: number }) => [number, number]][] = [
  [{ kind: "pixels" }, () => [0, 0]],
  [{ kind: "fraction" }, () => [1e-9, 1e-9]],
  [{ kind: "thousandths" }, ({ width, height }) => [width / 2_000, height / 2_000]],
  [
    { kind: "resized", maxPixels: 1_003_520 },
    (given) => {
      const seen = qwenSize(given);
      return [given.width / seen.width / 2, given.height / seen.height / 2];
    },
  ],
];

for (const [unit, tolerance] of UNITS) {
  test(`boxes in ${unit.kind} come back to within half of what is written`, () => {
    fc.assert(
      fc.property(framed, ({ size: given, corners }) => {
        if (Math.max(given.width, given.height) / Math.min(given.width, given.height) > 100) return;
        const back = fromUnit(toUnit(corners, given, unit), given, unit);
        const [across, down] = tolerance(given);
        for (const [at, value] of back.entries()) {
          const bound = (at % 2 === 0 ? across : down) + 1e-6;
          // The thinnest that can be written is one unit.
          assert.ok(
            Math.abs(value - (corners[at] as number)) <= 2 * bound,
            JSON.stringify({ corners, back }),
          );
        }
      }),
    );
  });
}

test("what is written for Qwen is whole numbers within the picture, left before right", () => {
  const wild = fc.tuple(
    ...Array.from({ length: 4 }, () => fc.double({ min: -500, max: 5_000, noNaN: true })),
  );
  fc.assert(
    fc.property(size, wild, (given, numbers) => {
      if (Math.max(given.width, given.height) / Math.min(given.width, given.height) > 100) return;
      for (const unit of [{ kind: "thousandths" }, { kind: "resized", maxPixels: 1_003_520 }] as const) {
        const [x1, y1, x2, y2] = toUnit(numbers as unknown as Corners, given, unit);
        const end = unit.kind === "resized" ? qwenSize(given) : { width: 1000, height: 1000 };
        assert.ok([x1, y1, x2, y2].every(Number.isInteger));
        assert.ok(0 <= x1 && x1 < x2 && x2 <= end.width && 0 <= y1 && y1 < y2 && y2 <= end.height);
      }
    }),
  );
});

for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`a box on the stored pixels is where the eye sees it, with orientation ${orientation}`, async () => {
    const [width, height] = [48, 32];
    const [x1, y1, x2, y2] = [6, 20, 16, 28];
    const rgb = Buffer.alloc(width * height * 3);
    for (let y = y1; y < y2; y++) rgb.fill(255, (y * width + x1) * 3, (y * width + x2) * 3);
    const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .withMetadata({ orientation })
      .toBuffer();
    const { data, info } = await sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const [left, top, right, bottom] = turnUpright([x1, y1, x2, y2], { width, height }, orientation);
    let bright = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) bright += data[(y * info.width + x) * info.channels] === 255 ? 1 : 0;
    }
    assert.equal(bright, (x2 - x1) * (y2 - y1));
  });
}

test("a box is its corners", () => {
  fc.assert(
    fc.property(framed, ({ corners }) => {
      assert.deepEqual(cornersOf(boxOf(corners)), corners);
    }),
  );
});

test("boxes that were written into an answer are read from it", () => {
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
  fc.assert(
    fc.property(
      framed,
      fc.array(names, { minLength: 1, maxLength: 4 }),
      ({ size: given, corners }, called) => {
        if (Math.max(given.width, given.height) / Math.min(given.width, given.height) > 100) return;
        for (const style of ["qwen2-vl", "qwen2.5-vl", "pixels"] as const) {
          const read = readBoxes(
            writeBoxes(
              called.map((name) => ({ name, corners })),
              given,
              style,
            ),
          );
          assert.deepEqual(
            read?.boxes.map(({ name }) => name),
            called,
          );
        }
      },
    ),
  );
});

test("no answer, however strange, is more than read or not", () => {
  const piece = fc.constantFrom(
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "(1,2),(3,4)",
    "<|box_end|>",
    '{"bbox_2d":[1,2,3,4],"label":"a"}',
    "{",
    "}",
    '"bbox"',
    "[",
    "1e9",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
      for (const { name, corners } of readBoxes(pieces.join(""))?.boxes ?? []) {
        assert.ok(name.length > 0 && corners.length === 4 && corners.every(Number.isFinite));
      }
    }),
    { numRuns: 1_000 },
  );
  const startedMs = performance.now();
  readBoxes("<|object_ref_start|>".repeat(5_000));
  readBoxes("{".repeat(100_000));
  readBoxes(`<|object_ref_start|>a<|object_ref_end|>${"<|box_start|>(1,2),(3,4)".repeat(4_000)}`);
  assert.ok(performance.now() - startedMs < 2_000, "no text takes for ever");
});

test("a span of whole numbers is at most a half off at each end, and less than one where it is too thin", () => {
  const given = fc
    .record({ end: fc.integer({ min: 1, max: 1_000 }), scale: fc.constantFrom(0.1, 1, 3.7) })
    .chain(({ end, scale }) =>
      fc
        .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([one, other]) => ({ end, scale, ends: [one, other].toSorted((a, b) => a - b) }))
        .map(({ ends, ...rest }) => ({ ...rest, ends: ends.map((share) => (share * end) / scale) })),
    );
  fc.assert(
    fc.property(given, ({ end, scale, ends }) => {
      const [from, to] = ends as [number, number];
      const [first, last] = wholeSpan(from, to, scale, end);
      assert.ok(
        Number.isInteger(first) && Number.isInteger(last) && first >= 0 && first < last && last <= end,
      );
      const off = Math.max(Math.abs(first - from * scale), Math.abs(last - to * scale));
      const thin = (to - from) * scale < 1;
      assert.ok(thin ? off <= 1 + 1e-9 : off <= 0.5 + 1e-9, `${from} to ${to} became ${first} to ${last}`);
    }),
    // A thin one over the middle of a pixel, which had come out more than one off.
    { numRuns: 2_000, examples: [[{ end: 64, scale: 1, ends: [56.5, 56.875] }]] },
  );
});
