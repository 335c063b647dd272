/** Numbers of a network file in the header's order: a layer's weights and bias after the other, then the extras. */
export function encodeNetwork(header: unknown, numbers: Iterable<number>): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.write("FSB1", "latin1");
  prefix.writeUInt32LE(text.length, 4);
  const halves = Uint16Array.from(numbers, toFloat16);
  return Buffer.concat([prefix, text, Buffer.from(halves.buffer)]);
}

/** The nearest 16 bits, ties away from zero: good enough for made-up weights. */
export function toFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}

