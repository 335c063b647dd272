import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAMILIES } from "../family.ts";
import { type ResizeLimits, roundHalfEven, smartResize, tokensOf } from "@followspot/dataset";

const checkpoint = FAMILIES["qwen2-vl"];
const token = checkpoint.pxPerToken ** 2;

/** Measured with transformers' own function in Python: width x height = tokens. */
const COLUMNS: readonly (readonly [
  name: string,
  limits: ResizeLimits,
  sizes: Readonly<Record<string, string>>,
])[] = [
  [
    "the checkpoint's limits",
    checkpoint,
    {
      "1920x1080": "1932x1092=2691",
      "1280x720": "1288x728=1196",
      "960x540": "952x532=646",
      "854x480": "840x476=510",
      "640x480": "644x476=391",
      "640x360": "644x364=299",
      "480x270": "476x280=170",
      "448x448": "448x448=256",
      "336x336": "336x336=144",
      "224x224": "224x224=64",
      "128x128": "140x140=25",
      "42x70": "56x56=4",
      "14x14": "56x56=4",
    },
  ],
  [
    "at most 1280 tokens",
    { ...checkpoint, maxPixels: 1280 * token },
    { "1920x1080": "1316x728=1222", "1280x720": "1288x728=1196" },
  ],
  [
    "at most 384 tokens, at least 64",
    { ...checkpoint, minPixels: 64 * token, maxPixels: 384 * token },
    {
      "1920x1080": "728x392=364",
      "854x480": "728x392=364",
      "640x480": "616x448=352",
      "640x360": "644x364=299",
      "480x270": "476x280=170",
      "336x336": "336x336=144",
      "224x224": "224x224=64",
      "128x128": "224x224=64",
      "42x70": "196x308=77",
      "14x14": "224x224=64",
    },
  ],
  [
    "at most 256 tokens",
    { ...checkpoint, maxPixels: 256 * token },
    {
      "1920x1080": "588x336=252",
      "1280x720": "588x336=252",
      "854x480": "588x308=231",
      "640x480": "504x364=234",
      "640x360": "588x336=252",
      "42x70": "56x56=4",
    },
  ],
  [
    "Qwen3-VL",
    FAMILIES["qwen3-vl"],
    {
      "1920x1080": "1920x1088=2040",
      "1280x720": "1280x704=880",
      "960x540": "960x544=510",
      "854x480": "864x480=405",
      "640x480": "640x480=300",
      "640x360": "640x352=220",
      "480x270": "480x256=120",
      "448x448": "448x448=196",
      "336x336": "320x320=100",
      "224x224": "256x256=64",
      "128x128": "256x256=64",
      "42x70": "224x352=77",
      "14x14": "256x256=64",
    },
  ],
];

for (const [name, limits, sizes] of COLUMNS) {
  test(`pictures get the size that the model's own preprocessor gives them: ${name}`, () => {
    for (const [camera, expected] of Object.entries(sizes)) {
      const [width = 0, height = 0] = camera.split("x").map(Number);
      const size = smartResize({ width, height }, limits);
      assert.equal(`${size.width}x${size.height}=${tokensOf(size, limits.pxPerToken)}`, expected, camera);
    }
  });
}

test("a half is rounded to the even neighbour, as Python does it", () => {
  assert.deepEqual([0.5, 1.5, 2.5, 30.5, 2.4, 2.6].map(roundHalfEven), [0, 2, 2, 30, 2, 3]);
});

test("a picture of a camera's shape that has its size already keeps it: the server's own resize changes nothing", () => {
  const shape = fc.record({
    width: fc.integer({ min: 200, max: 3_000 }),
    aspect: fc.double({ min: 0.4, max: 2.5, noNaN: true }),
  });
  const maxTokens = fc.integer({ min: 64, max: 1_280 });
  fc.assert(
    fc.property(shape, maxTokens, ({ width, aspect }, most) => {
      const limits = { ...checkpoint, maxPixels: most * token };
      const once = smartResize({ width, height: Math.round(width / aspect) }, limits);
      assert.deepEqual(smartResize(once, limits), once);
      assert.ok(once.width * once.height <= limits.maxPixels);
    }),
  );
});

test("what the model would refuse is refused here", () => {
  assert.throws(() => smartResize({ width: 4_021, height: 20 }, checkpoint), /too long and narrow/);
  assert.throws(() => smartResize({ width: 0, height: 20 }, checkpoint), /is empty/);
});
