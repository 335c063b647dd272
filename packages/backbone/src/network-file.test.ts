import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { openBackbone } from "./backbone.ts";
import { decodeNetwork, type NetworkHeader } from "./network-file.ts";
import { encodeNetwork } from "./testdata/encode-network.ts";
import { randomNetworkFile } from "./testdata/random-network.ts";

const LAYERS: NetworkHeader["layers"] = [
  { name: "a", kind: "conv3", stride: 2, in: 3, out: 8, relu: true, input: "image" },
  { name: "b", kind: "conv1", stride: 1, in: 8, out: 8, relu: true, input: "a", add: "a" },
  { name: "c", kind: "conv3", stride: 2, in: 8, out: 4, relu: false, input: "b" },
];
const OUTPUTS = { fine: "a", deep: "b", figure: "c" };
const HEADER = {
  version: 1,
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
  layers: LAYERS,
  outputs: OUTPUTS,
  extras: {},
};
const NUMBERS = 8 * 28 + 8 * 9 + 4 * 73;

test("weights, bias and extras are read in the header's order", () => {
  const header = {
    ...HEADER,
    layers: [{ name: "a", kind: "conv1", stride: 1, in: 3, out: 2, relu: false, input: "image" }],
    outputs: { fine: "a", deep: "a", figure: "a" },
    extras: { mixing: { rows: 1, cols: 2 } },
  };
  const network = decodeNetwork(encodeNetwork(header, [1, -2, 0.5, 2 ** -24, 65_504, 0, 7, -7, 0.25, 1024]));
  const [layer] = network.layers;
  assert.deepEqual(layer?.weights, Float32Array.of(1, -2, 0.5, 2 ** -24, 65_504, 0));
  assert.deepEqual(layer.bias, Float32Array.of(7, -7));
  assert.deepEqual(network.extras["mixing"], { rows: 1, cols: 2, data: Float32Array.of(0.25, 1024) });
});

test("a header whose layers do not fit together is refused in one sentence that names the layer", () => {
  const [a, b, c] = LAYERS as [
    NetworkHeader["layers"][0],
    NetworkHeader["layers"][0],
    NetworkHeader["layers"][0],
  ];
  const cases: readonly (readonly [change: object, message: RegExp])[] = [
    [{ layers: [a, { ...b, input: "c" }, c] }, /a layer b that reads c, which is not before it/],
    [{ layers: [{ ...a, input: "a" }, b, c] }, /a layer a that reads a, which is not before it/],
    [{ layers: [a, { ...b, in: 4 }, c] }, /a layer b of 4 inputs on 8 channels/],
    [{ layers: [a, b, { ...c, name: "a" }] }, /two layers named a/],
    [{ layers: [{ ...a, name: "image" }, b, c] }, /two layers named image/],
    [{ layers: [a, { ...b, add: "image" }, c] }, /a layer b that adds no layer before it/],
    [{ layers: [a, { ...b, stride: 2 }, c] }, /a layer b that adds a, which has another shape/],
    [{ layers: [a, b, { ...c, add: "b" }] }, /a layer c that adds b, which has another shape/],
    [{ outputs: { ...OUTPUTS, figure: "d" } }, /gives out d, which is none of its layers/],
    [{ outputs: { ...OUTPUTS, figure: "image" } }, /gives out image, which is none of its layers/],
    [{ version: 2 }, /a header that is not understood \(version: /],
    [{ std: [0.2, 0, 0.2] }, /a header that is not understood \(std: at least 0.001\)/],
    [{ layers: [] }, /a header that is not understood \(layers: /],
    [{ more: 1 }, /a header that is not understood \(/],
    [{ extras: { "mix\ng": { rows: 1, cols: 1 } } }, /not understood \(extras\.mix\\u000ag: Invalid key/],
    [{ layers: [{ ...a, kind: "conv5" }, b, c] }, /a header that is not understood \(layers.0.kind: /],
    [{ layers: [{ ...a, out: 1025 }, b, c] }, /a header that is not understood \(layers.0.out: /],
    [{ extras: { x: { rows: 2, cols: 2 } } }, /has 1176 bytes of weights, its header asks for 1184/],
  ];
  for (const [change, message] of cases) {
    // The number of weights is right, so that only the change can be what is refused.
    const header = { ...HEADER, ...change } as typeof HEADER;
    const numbers = "extras" in change ? NUMBERS : countNumbers(header);
    assert.throws(
      () => decodeNetwork(encodeNetwork(header, new Float32Array(numbers))),
      (error) => isRefusal(error) && message.test((error as Error).message),
      String(message),
    );
  }
});

test("a weight that is not a number is refused", () => {
  const file = encodeNetwork(HEADER, new Float32Array(NUMBERS));
  for (const bits of [0x7c00, 0xfc00, 0x7e01]) {
    const damaged = Buffer.from(file);
    damaged.writeUInt16LE(bits, damaged.length - 20);
    assert.throws(() => decodeNetwork(damaged), /one of its weights is not a number/);
  }
});

test("any cut-off file, any longer file and any rubbish are refused", () => {
  const file = randomNetworkFile(1, LAYERS, OUTPUTS);
  fc.assert(
    fc.property(fc.nat(file.length - 1), (length) =>
      assert.throws(() => decodeNetwork(file.slice(0, length)), isRefusal),
    ),
  );
  assert.throws(() => decodeNetwork(Buffer.concat([file, Buffer.alloc(2)])), isRefusal);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (rubbish, magic) =>
      assert.throws(
        () => decodeNetwork(magic ? Buffer.concat([Buffer.from("FSB1"), rubbish]) : rubbish),
        isRefusal,
      ),
    ),
  );
});

test("any changed bytes are either refused in one sentence or make a network that runs", () => {
  const file = randomNetworkFile(1, LAYERS, OUTPUTS);
  const headerEnd = 8 + Buffer.from(file).readUInt32LE(4);
  const picture = { width: 20, height: 17, rgb: new Uint8Array(20 * 17 * 3).fill(90) };
  const change = fc.tuple(fc.nat(headerEnd + 40), fc.integer({ min: 32, max: 126 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const damaged = Uint8Array.from(file);
      for (const [at, value] of changes) damaged[at] = value;
      try {
        const { fine } = openBackbone(damaged).run(picture);
        assert.equal(fine.data.length, fine.width * fine.height * fine.channels);
      } catch (error) {
        assert.ok(isRefusal(error));
      }
    }),
    { numRuns: 400 },
  );
});

function countNumbers({ layers }: typeof HEADER): number {
  return layers.reduce(
    (sum, layer) => sum + layer.out * (layer.in * (layer.kind === "conv3" ? 9 : 1) + 1),
    0,
  );
}

function isRefusal(error: unknown): boolean {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /^the network file [^\n]*; put the file back that came with Followspot$/);
  return true;
}
