import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { checkSafetensors, type SafetensorsState } from "./safetensors.ts";
import { writeHeader } from "./testdata/checkpoint.ts";

async function place(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-safetensors-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return join(dir, "model.safetensors");
}

async function seen(file: string, header: object | string, bytes: number): Promise<SafetensorsState> {
  await writeHeader(file, typeof header === "string" ? header : JSON.stringify(header), bytes);
  return await checkSafetensors(file);
}

const why = (state: SafetensorsState): string => (state.state === "broken" ? state.why : "whole");

test("a file is whole where its tensors lie one behind the other up to its end", async (context) => {
  const file = await place(context);
  const header = {
    __metadata__: { format: "pt" },
    "layer.weight": { dtype: "BF16", shape: [2, 3], data_offsets: [4, 16] },
    bias: { dtype: "F32", shape: [], data_offsets: [0, 4] },
  };
  const state = await seen(file, header, 16);
  assert.equal(state.state, "whole");
  assert.deepEqual(state.state === "whole" && [...state.shapes], [
    ["layer.weight", [2, 3]],
    ["bias", []],
  ]);
});

for (const [what, header, bytes, message] of [
  ["no JSON", "{", 0, /header that cannot be read/],
  ["a list", "[]", 0, /header that cannot be read/],
  ["a tensor without a place", { a: { dtype: "U8", shape: [1] } }, 1, /header that cannot be read/],
  [
    "a place that is no number",
    { a: { dtype: "U8", shape: [1], data_offsets: [0, "1"] } },
    1,
    /cannot be read/,
  ],
  ["a negative place", { a: { dtype: "U8", shape: [1], data_offsets: [-1, 0] } }, 1, /cannot be read/],
  ["more numbers than bytes", { a: { dtype: "F32", shape: [2], data_offsets: [0, 4] } }, 4, /says of a what/],
  ["an end before its start", { a: { dtype: "X9", shape: [1], data_offsets: [4, 0] } }, 0, /says of a what/],
  [
    "two tensors in one place",
    {
      a: { dtype: "U8", shape: [4], data_offsets: [0, 4] },
      b: { dtype: "U8", shape: [4], data_offsets: [2, 6] },
    },
    6,
    /says of b what/,
  ],
  ["room before the first", { a: { dtype: "U8", shape: [4], data_offsets: [2, 6] } }, 6, /says of a what/],
  [
    "its end missing",
    { a: { dtype: "U8", shape: [4], data_offsets: [0, 4] } },
    3,
    /is cut off: \d+ of \d+ bytes/,
  ],
  ["more than it says", { a: { dtype: "U8", shape: [4], data_offsets: [0, 4] } }, 5, /has 1 bytes too many/],
] as const) {
  test(`a file with ${what} is broken, and says how`, async (context) => {
    assert.match(why(await seen(await place(context), header, bytes)), message);
  });
}

test("whatever stands in a file of weights, it is judged", async (context) => {
  const file = await place(context);
  const entry = fc.record({
    dtype: fc.constantFrom("U8", "BF16", "F4"),
    shape: fc.array(fc.nat(9), { maxLength: 3 }),
    data_offsets: fc.tuple(fc.integer(), fc.integer()),
  });
  const header = fc.oneof(
    fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue())).map((value) => JSON.stringify(value)),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(header, fc.nat(100), async (text, bytes) => {
      assert.ok(why(await seen(file, text, bytes)).length > 4);
    }),
    { numRuns: 100 },
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      await writeFile(file, bytes);
      assert.ok(why(await checkSafetensors(file)).length > 4);
    }),
    { numRuns: 100 },
  );
});
