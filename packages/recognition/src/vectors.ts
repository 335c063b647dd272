/** The same direction, length 1; nothing stays nothing. */
export function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return vector.map((value) => value * factor);
}

/** Of two looks of length 1: how alike they are, 1 for the same. */
export function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

/** The mean's direction, length 1. */
export function meanOf(list: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(list[0]?.length ?? 0);
  for (const one of list) add(sum, one, 1);
  return unit(sum);
}

export function add(to: Float32Array, other: Float32Array, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + factor * (other[at] as number);
}

/** How much colours and texture count beside an embedding, which sees them too, but not as exactly. */
const COLOUR_SHARE = 0.8;
const TEXTURE_SHARE = 1.2;

/** An embedding, colours and texture, each of length 1, as one look of length 1. */
export function joinLook(
  embedding: Float32Array,
  colours: Float32Array,
  texture: Float32Array,
): Float32Array {
  const look = new Float32Array(embedding.length + colours.length + texture.length);
  look.set(embedding);
  look.set(
    colours.map((value) => value * COLOUR_SHARE),
    embedding.length,
  );
  look.set(
    texture.map((value) => value * TEXTURE_SHARE),
    embedding.length + colours.length,
  );
  return unit(look);
}
