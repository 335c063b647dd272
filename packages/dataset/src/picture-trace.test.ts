import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import sharp, { type Sharp } from "sharp";
import { bitCount, differenceHash, hashDistance, wordsOf } from "./difference-hash.ts";
import { decodePicture, type Picture } from "./picture.ts";
import { isNearDuplicate, tracePicture } from "./picture-trace.ts";

const WIDTH = 240;
const HEIGHT = 180;

/** Ellipses in colours of their own, as different from seed to seed as photographs are. */
function shapes(seed: number, extra = ""): Sharp {
  const random = new SeededRandom(seed);
  const ellipses = Array.from({ length: 14 }, () => {
    const [x, y] = [random.below(WIDTH), random.below(HEIGHT)];
    const colour = `hsl(${random.below(360)},60%,${20 + random.below(60)}%)`;
    return `<ellipse cx="${x}" cy="${y}" rx="${10 + random.below(60)}" ry="${10 + random.below(50)}" fill="${colour}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#b8a890"/>${ellipses.join("")}${extra}</svg>`;
  return sharp(Buffer.from(svg)).removeAlpha();
}

async function decoded(image: Sharp): Promise<Picture> {
  return await decodePicture(await image.jpeg({ quality: 60 }).toBuffer());
}

const CHANGES: readonly [string, (image: Sharp) => Sharp][] = [
  ["made smaller", (image) => image.resize(100)],
  ["mirrored", (image) => image.flop()],
  ["darker", (image) => image.linear(0.6, 0)],
  ["brighter", (image) => image.linear(1.15, 5)],
  ["cropped by a hair", (image) => image.extract({ left: 2, top: 1, width: WIDTH - 3, height: HEIGHT - 2 })],
];

for (const [what, change] of CHANGES) {
  test(`a picture that was ${what} is one shot with the first`, async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const [one, other] = [await decoded(shapes(seed)), await decoded(change(shapes(seed)))];
      assert.ok(isNearDuplicate(tracePicture(one), tracePicture(other)), `seed ${seed}`);
    }
  });
}

test("different pictures are different shots", async () => {
  const traces = await Promise.all(
    Array.from({ length: 12 }, async (_, seed) => tracePicture(await decoded(shapes(seed + 1)))),
  );
  for (const [index, one] of traces.entries()) {
    for (const other of traces.slice(index + 1)) assert.ok(!isNearDuplicate(one, other));
  }
});

test("another subject before the same background is another shot, however near the hashes are", async () => {
  const figure = (x: number, colour: string) =>
    `<ellipse cx="${x}" cy="90" rx="22" ry="40" fill="${colour}"/>`;
  const one = await decoded(shapes(5, figure(120, "#d01020")));
  const other = await decoded(shapes(5, figure(120, "#20e0e0")));
  const moved = await decoded(shapes(5, figure(160, "#d01020")));
  assert.ok(hashDistance(differenceHash(one), differenceHash(other)) <= 16);
  assert.ok(!isNearDuplicate(tracePicture(one), tracePicture(other)));
  assert.ok(!isNearDuplicate(tracePicture(one), tracePicture(moved)));
});

test("empty walls of any colour have a trace, and noise on them is not blown up", async () => {
  const wall = (seed: number): Picture => {
    const random = new SeededRandom(seed);
    return {
      rgb: Uint8Array.from({ length: 48 * 48 * 3 }, () => 120 + random.below(2)),
      width: 48,
      height: 48,
    };
  };
  assert.ok(tracePicture(wall(1)).cells.every((value) => Math.abs(value) < 0.5));
});

test("bits are counted as one would by hand", () => {
  const hex = fc.stringMatching(/^[0-9a-f]{16}$/);
  fc.assert(
    fc.property(hex, hex, (one, other) => {
      let bits = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
      let count = 0;
      for (; bits > 0n; bits &= bits - 1n) count++;
      const [[high, low], [otherHigh, otherLow]] = [wordsOf(one), wordsOf(other)];
      assert.equal(bitCount(high ^ otherHigh) + bitCount(low ^ otherLow), count);
      assert.equal(hashDistance({ upright: one, mirrored: one }, { upright: other, mirrored: other }), count);
    }),
  );
});
