import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InferenceError } from "./inference-error.ts";
import {
  decodeBool,
  decodeBytes,
  decodeFp32,
  decodeInt64,
  decodeStrings,
  elementsOf,
  encodeBool,
  encodeBytes,
  encodeFp32,
  encodeInt64,
  MAX_ELEMENTS,
} from "./tensor-codec.ts";

const malformed = (error: unknown) => error instanceof InferenceError && error.reason === "malformed-answer";

test("BYTES are a little-endian length and the bytes of each element, as Triton has them", () => {
  const raw = encodeBytes(["héllo", ""]);
  assert.equal(Buffer.from(raw).toString("hex"), "0600000068c3a96c6c6f00000000");
  assert.deepEqual(decodeStrings(raw, 2), ["héllo", ""]);
});

test("what is encoded is decoded to the same", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (elements) => {
      assert.deepEqual(
        decodeBytes(encodeBytes(elements), elements.length).map((e) => [...e]),
        elements.map((e) => [...e]),
      );
    }),
  );
  fc.assert(
    fc.property(fc.float32Array({ maxLength: 50 }), (values) => {
      assert.deepEqual(decodeFp32(encodeFp32(values), values.length), values);
    }),
  );
  fc.assert(
    fc.property(fc.bigInt64Array({ maxLength: 50 }), (values) => {
      assert.deepEqual(decodeInt64(encodeInt64(values), values.length), values);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 50 }), (values) => {
      assert.deepEqual(decodeBool(encodeBool(values), values.length), values);
    }),
  );
});

test("any bytes are either refused as malformed or exactly what was encoded", () => {
  const count = fc.oneof(
    fc.integer({ min: -2, max: 40 }),
    fc.constantFrom(NaN, 0.5, 2 ** 32, MAX_ELEMENTS + 1, Infinity),
  );
  // Mostly small numbers, so that length fields are often plausible.
  const bytes = fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat(5) }, fc.nat(255)), { maxLength: 120 });
  fc.assert(
    fc.property(bytes, count, fc.nat(3), (content, size, offset) => {
      // A view into something larger, as the parts of a received message are.
      const raw = Uint8Array.from([...Array<number>(offset).fill(0), ...content, 9, 9]).subarray(
        offset,
        offset + content.length,
      );
      for (const [decode, encode] of [
        [decodeBytes, encodeBytes],
        [decodeFp32, null],
        [decodeInt64, encodeInt64],
        [decodeBool, encodeBool],
      ] as const) {
        try {
          const decoded = decode(raw, size);
          assert.equal(decoded.length, size);
          if (encode) assert.deepEqual([...encode(decoded as never)], content);
        } catch (error) {
          if (!malformed(error)) throw error;
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a length that claims more than is there is refused before anything is allocated for it", () => {
  const raw = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1);
  assert.throws(() => decodeBytes(raw, 1), malformed);
  assert.throws(() => decodeBytes(new Uint8Array(), 1_000_000), malformed);
  assert.throws(() => elementsOf([BigInt(2 ** 40)]), malformed);
  assert.throws(() => elementsOf([1_000_000n, 1_000_000n]), malformed);
  assert.throws(() => elementsOf([-1n]), malformed);
});

test("text that is not UTF-8 is refused", () => {
  assert.throws(() => decodeStrings(Uint8Array.of(1, 0, 0, 0, 0xff), 1), malformed);
});

test("what was decoded does not change with the message it came from, nor keep it", () => {
  const raw = Buffer.from(encodeBytes(["wolf"]));
  const [element = new Uint8Array()] = decodeBytes(raw, 1);
  const numbers = Buffer.from(encodeFp32([0.5]));
  const decoded = decodeFp32(numbers, 1);
  raw.fill(0);
  numbers.fill(0);
  assert.equal(Buffer.from(element).toString(), "wolf");
  assert.equal(element.buffer.byteLength, 4);
  assert.deepEqual([...decoded], [0.5]);
});
