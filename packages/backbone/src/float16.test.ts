import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFloat16 } from "./float16.ts";
import { toFloat16 } from "./testdata/encode-network.ts";

test("half precision numbers of every kind are what the standard says", () => {
  const known: readonly (readonly [bits: number, value: number])[] = [
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ];
  for (const [bits, value] of known) assert.ok(Object.is(fromFloat16(bits), value), bits.toString(16));
});

test("every finite half precision number comes back from its value", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = fromFloat16(bits);
    if (Number.isFinite(value)) assert.equal(toFloat16(value), bits);
  }
});
