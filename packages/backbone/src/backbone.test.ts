import assert from "node:assert/strict";
import { test } from "node:test";
import type { Picture } from "@followspot/dataset";
import { SeededRandom, UserError } from "@followspot/domain";
import fc from "fast-check";
import { type FeatureMaps, openBackbone } from "./backbone.ts";
import { decodeNetwork, type NetworkHeader } from "./network-file.ts";
import { randomNetworkFile, stageNetworkFile } from "./testdata/random-network.ts";
import { runReference } from "./testdata/reference-network.ts";

type Layer = NetworkHeader["layers"][number];

test("the network of the understudy says what its definition says", () => {
  const file = stageNetworkFile(1);
  const picture = randomPicture(2, 50, 37);
  assertAlike(openBackbone(file).run(picture), runReference(decodeNetwork(file), picture));
});

test("any network, on pictures of any sizes after one another, says what its definition says", () => {
  const layers = fc.array(
    fc.record({
      kind: fc.constantFrom("conv3" as const, "conv1" as const),
      stride: fc.constantFrom(1 as const, 2 as const),
      out: fc.constantFrom(3, 8, 13),
      relu: fc.boolean(),
      input: fc.nat(),
      add: fc.option(fc.nat(), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const side = fc.integer({ min: 16, max: 40 });
  const sizes = fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.nat(), layers, fc.nat(), sizes, (seed, shapes, output, pictures) => {
      const file = networkOf(seed, shapes, output);
      const backbone = openBackbone(file);
      const network = decodeNetwork(file);
      for (const [width, height] of pictures) {
        const picture = randomPicture(seed, width, height);
        assertAlike(backbone.run(picture), runReference(network, picture));
      }
    }),
    { numRuns: 60 },
  );
});

test("the maps are the caller's to keep: the next picture leaves them as they are", () => {
  const backbone = openBackbone(stageNetworkFile(3));
  const first = backbone.run(randomPicture(1, 64, 48));
  const before = Float32Array.from(first.deep.data);
  backbone.run(randomPicture(2, 200, 120));
  assert.deepEqual(first.deep.data, before);
  assert.deepEqual(backbone.run(randomPicture(1, 64, 48)).deep.data, before);
});

test("the largest picture is taken, and what is larger or smaller is refused in one sentence", () => {
  const backbone = openBackbone(stageNetworkFile(4));
  const { deep } = backbone.run(blank(1280, 1280));
  assert.deepEqual([deep.width, deep.height, deep.channels], [80, 80, 128]);
  for (const [width, height] of [
    [1281, 20],
    [20, 1281],
    [15, 20],
    [20, 15],
  ] as const) {
    assert.throws(
      () => backbone.run(blank(width, height)),
      (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(
          error.message,
          `the picture is ${width} x ${height} pixels, the network takes sides from 16 to 1280`,
        );
        return true;
      },
    );
  }
});

test("a network that would need too much memory is refused for the picture, not run", () => {
  const wide: Layer = {
    name: "wide",
    kind: "conv1",
    stride: 1,
    in: 3,
    out: 256,
    relu: true,
    input: "image",
  };
  const backbone = openBackbone(randomNetworkFile(1, [wide], { fine: "wide", deep: "wide", figure: "wide" }));
  backbone.run(blank(64, 64));
  assert.throws(
    () => backbone.run(blank(1280, 1280)),
    /the network needs \d+ MB .* make the picture smaller/,
  );
});

test("extra matrices come along", () => {
  const { mixing } = openBackbone(stageNetworkFile(5)).extras;
  assert.equal(mixing?.rows, 3);
  assert.equal(mixing?.cols, 5);
  assert.equal(mixing?.data.length, 15);
});

function blank(width: number, height: number): Picture {
  return { width, height, rgb: new Uint8Array(width * height * 3) };
}

function randomPicture(seed: number, width: number, height: number): Picture {
  const random = new SeededRandom(seed);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => random.below(256)) };
}

interface Shape {
  readonly kind: Layer["kind"];
  readonly stride: 1 | 2;
  readonly out: number;
  readonly relu: boolean;
  readonly input: number;
  readonly add: number | undefined;
}

/** Layers that read any layer before them, and add one of their own shape where there is one. */
function networkOf(seed: number, shapes: readonly Shape[], output: number): Uint8Array {
  const before = [{ name: "image", channels: 3, stride: 1 }];
  const layers: Layer[] = [];
  for (const [at, { kind, stride, out, relu, input, add }] of shapes.entries()) {
    const from = before[input % before.length] ?? { name: "image", channels: 3, stride: 1 };
    const name = `l${at}`;
    const own = { name, channels: out, stride: from.stride * stride };
    const alike = before.filter(
      (other) => other.name !== "image" && other.channels === out && other.stride === own.stride,
    );
    const added = add === undefined ? undefined : alike[add % Math.max(1, alike.length)]?.name;
    layers.push({
      name,
      kind,
      stride,
      in: from.channels,
      out,
      relu,
      input: from.name,
      ...(added && { add: added }),
    });
    before.push(own);
  }
  const pick = (offset: number): string => layers[(output + offset) % layers.length]?.name ?? "l0";
  return randomNetworkFile(seed, layers, { fine: pick(0), deep: pick(1), wide: pick(3), figure: pick(2) });
}

function assertAlike(actual: FeatureMaps, expected: FeatureMaps): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const output of ["fine", "deep", "wide", "figure"] as const) {
    const [map, reference] = [actual[output], expected[output]];
    if (!map || !reference) continue;
    const { data: wanted, ...shape } = reference;
    const { data, ...actualShape } = map;
    assert.deepEqual(actualShape, shape);
    assert.equal(data.length, wanted.length);
    const size = Math.max(1, ...wanted.map(Math.abs));
    for (const [at, value] of data.entries()) {
      const off = Math.abs(value - (wanted[at] as number));
      assert.ok(off <= 1e-4 * size, `${output}[${at}] is ${value}, not ${wanted[at]}`);
    }
  }
}
