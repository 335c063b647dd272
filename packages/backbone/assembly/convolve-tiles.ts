import { convolve } from "./convolve";

/**
 * Convolves a map with 3 x 3 taps at stride 1, two by two output pixels at a time, by Winograd's way F(2x2, 3x3): four
 * by four input pixels are transformed, multiplied place by place with transformed weights, and transformed back. That
 * is 16 multiplications where the plain way needs 36. An odd side's last tile reads one row or column too many; what
 * comes of it is not stored.
 */

/** Places of a transformed tile. */
const PLACES: i32 = 16;

/**
 * @param input where the map begins, border included
 * @param inputStep bytes between two input pixels: 4 times the channels
 * @param output where the first output pixel lies, inside its border
 * @param weights for each of the 16 places packed as those of a convolution of one tap
 * @param zeros as many zeros as there are output channels
 * @param add where the first pixel of the map to add lies, or 0 for none
 * @param scratch room for `chunk` transformed tiles of the input, then of the output
 * @param chunk tiles that are worked on at a time
 */
export function convolveTiles(
  input: usize,
  inputStep: usize,
  output: usize,
  outputStep: usize,
  width: i32,
  height: i32,
  weights: usize,
  bias: usize,
  zeros: usize,
  add: usize,
  relu: bool,
  scratch: usize,
  chunk: i32,
): void {
  const inputRow = <usize>(width + 2) * inputStep;
  const outputRow = <usize>(width + 2) * outputStep;
  const across = (width + 1) >> 1;
  const tiles = across * ((height + 1) >> 1);
  const inputPlace = <usize>chunk * inputStep;
  const outputPlace = <usize>chunk * outputStep;
  const weightPlace = (inputStep >> 2) * outputStep;
  const products = scratch + <usize>PLACES * inputPlace;
  for (let first = 0; first < tiles; first += chunk) {
    const count = min(chunk, tiles - first);
    for (let at = 0; at < count; at++) {
      const tile = first + at;
      const from =
        input + <usize>((tile / across) << 1) * inputRow + <usize>((tile % across) << 1) * inputStep;
      transformInput(from, inputRow, inputStep, scratch + <usize>at * inputStep, inputPlace);
    }
    for (let place: usize = 0; place < <usize>PLACES; place++) {
      convolve(
        scratch + place * inputPlace,
        0,
        0,
        inputStep,
        products + place * outputPlace,
        0,
        outputStep,
        count,
        1,
        1,
        <i32>(inputStep >> 2),
        weights + place * weightPlace,
        zeros,
        0,
        false,
      );
    }
    for (let at = 0; at < count; at++) {
      const tile = first + at;
      const y = (tile / across) << 1;
      const x = (tile % across) << 1;
      const offset = <usize>y * outputRow + <usize>x * outputStep;
      transformOutput(
        products + <usize>at * outputStep,
        outputPlace,
        output + offset,
        outputRow,
        outputStep,
        x + 1 < width,
        y + 1 < height,
        bias,
        add ? add + offset : 0,
        relu,
      );
    }
  }
}

function transformInput(from: usize, row: usize, step: usize, to: usize, place: usize): void {
  const to4 = place << 2;
  for (let channel: usize = 0; channel < step; channel += 16) {
    // Down the columns, then along the rows: first less third, second and third, third less second, second less fourth.
    const at = from + channel;
    let d0 = v128.load(at);
    let d1 = v128.load(at + row);
    let d2 = v128.load(at + (row << 1));
    let d3 = v128.load(at + row * 3);
    const a0 = f32x4.sub(d0, d2);
    const a1 = f32x4.add(d1, d2);
    const a2 = f32x4.sub(d2, d1);
    const a3 = f32x4.sub(d1, d3);
    const at1 = at + step;
    d0 = v128.load(at1);
    d1 = v128.load(at1 + row);
    d2 = v128.load(at1 + (row << 1));
    d3 = v128.load(at1 + row * 3);
    const b0 = f32x4.sub(d0, d2);
    const b1 = f32x4.add(d1, d2);
    const b2 = f32x4.sub(d2, d1);
    const b3 = f32x4.sub(d1, d3);
    const at2 = at1 + step;
    d0 = v128.load(at2);
    d1 = v128.load(at2 + row);
    d2 = v128.load(at2 + (row << 1));
    d3 = v128.load(at2 + row * 3);
    const c0 = f32x4.sub(d0, d2);
    const c1 = f32x4.add(d1, d2);
    const c2 = f32x4.sub(d2, d1);
    const c3 = f32x4.sub(d1, d3);
    const at3 = at2 + step;
    d0 = v128.load(at3);
    d1 = v128.load(at3 + row);
    d2 = v128.load(at3 + (row << 1));
    d3 = v128.load(at3 + row * 3);
    const e0 = f32x4.sub(d0, d2);
    const e1 = f32x4.add(d1, d2);
    const e2 = f32x4.sub(d2, d1);
    const e3 = f32x4.sub(d1, d3);
    let out = to + channel;
    storeRow(out, place, a0, b0, c0, e0);
    out += to4;
    storeRow(out, place, a1, b1, c1, e1);
    out += to4;
    storeRow(out, place, a2, b2, c2, e2);
    out += to4;
    storeRow(out, place, a3, b3, c3, e3);
  }
}

function storeRow(to: usize, place: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(to, f32x4.sub(a, c));
  v128.store(to + place, f32x4.add(b, c));
  v128.store(to + (place << 1), f32x4.sub(c, b));
  v128.store(to + place * 3, f32x4.sub(b, d));
}

function transformOutput(
  from: usize,
  place: usize,
  to: usize,
  row: usize,
  step: usize,
  right: bool,
  below: bool,
  bias: usize,
  add: usize,
  relu: bool,
): void {
  const from4 = place << 2;
  for (let channel: usize = 0; channel < step; channel += 16) {
    const offset = v128.load(bias + channel);
    let at = from + channel;
    // Along the rows: the first three together, the second less the third and fourth; then down the columns.
    const upper0 = sumOfThree(at, place);
    const upper1 = lessTwo(at, place);
    at += from4;
    const second0 = sumOfThree(at, place);
    const second1 = lessTwo(at, place);
    at += from4;
    const third0 = sumOfThree(at, place);
    const third1 = lessTwo(at, place);
    at += from4;
    const fourth0 = sumOfThree(at, place);
    const fourth1 = lessTwo(at, place);
    const out = to + channel;
    const more = add ? add + channel : 0;
    storePixel(out, f32x4.add(f32x4.add(upper0, second0), third0), offset, more, relu);
    if (right) {
      storePixel(
        out + step,
        f32x4.add(f32x4.add(upper1, second1), third1),
        offset,
        more ? more + step : 0,
        relu,
      );
    }
    if (below) {
      storePixel(
        out + row,
        f32x4.sub(f32x4.sub(second0, third0), fourth0),
        offset,
        more ? more + row : 0,
        relu,
      );
      if (right) {
        storePixel(
          out + row + step,
          f32x4.sub(f32x4.sub(second1, third1), fourth1),
          offset,
          more ? more + row + step : 0,
          relu,
        );
      }
    }
  }
}

function sumOfThree(at: usize, place: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(at), v128.load(at + place)), v128.load(at + (place << 1)));
}

function lessTwo(at: usize, place: usize): v128 {
  return f32x4.sub(f32x4.sub(v128.load(at + place), v128.load(at + (place << 1))), v128.load(at + place * 3));
}

function storePixel(to: usize, value: v128, bias: v128, add: usize, relu: bool): void {
  let sum = f32x4.add(value, bias);
  if (add) sum = f32x4.add(sum, v128.load(add));
  if (relu) sum = f32x4.pmax(f32x4.splat(0), sum);
  v128.store(to, sum);
}
