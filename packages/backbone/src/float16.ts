/** What a set exponent of a normal number multiplies by, by its five bits. */
const SCALES = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 25));

/** The number that 16 bits of IEEE 754 half precision stand for. */
export function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * (SCALES[1] as number);
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * (SCALES[exponent] as number);
}
