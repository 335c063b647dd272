/** Pixels that are worked on before the next eight output channels: their input stays in the cache meanwhile. */
const CHUNK: i32 = 256;

/**
 * Convolves a map: `rows` rows of `taps` neighbouring numbers each around every output pixel (3 rows of 3 times the
 * input channels, or 1 row of the input channels), bias first, then an optional map of the same shape added, then
 * an optional cut at zero. Weights come packed: for eight output channels at a time, row, tap, channel.
 *
 * @param input where the first tap of the first output pixel lies
 * @param inputRow bytes between two rows of the input, border included
 * @param inputDown bytes between the first taps of two output rows: inputRow times the stride
 * @param inputStep bytes between the first taps of two neighbouring output pixels
 * @param output where the first output pixel lies, inside its border
 * @param outputRow bytes between two rows of the output, border included
 * @param outputStep bytes between two output pixels: 4 times the output channels
 * @param add where the first pixel of the map to add lies, or 0 for none
 */
export function convolve(
  input: usize,
  inputRow: usize,
  inputDown: usize,
  inputStep: usize,
  output: usize,
  outputRow: usize,
  outputStep: usize,
  width: i32,
  height: i32,
  rows: i32,
  taps: i32,
  weights: usize,
  bias: usize,
  add: usize,
  relu: bool,
): void {
  const pixels = width * height;
  const tapBytes = (<usize>taps) << 2;
  const blockBytes = (<usize>rows * <usize>taps) << 5;
  const addOffset = add - output;
  const zero = f32x4.splat(0);
  for (let first = 0; first < pixels; first += CHUNK) {
    const last = min(first + CHUNK, pixels);
    let blockWeights = weights;
    for (let channel: usize = 0; channel < outputStep; channel += 32) {
      const bias0 = v128.load(bias + channel);
      const bias1 = v128.load(bias + channel, 16);
      let x = first % width;
      let from: usize = input + <usize>(first / width) * inputDown + <usize>x * inputStep;
      let to: usize = output + <usize>(first / width) * outputRow + <usize>x * outputStep + channel;
      const fromWrap = inputDown - <usize>(width - 1) * inputStep;
      const toWrap = outputRow - <usize>(width - 1) * outputStep;
      for (let pixel = first; pixel < last; ) {
        // Four output pixels, wherever their rows end; past the last one its work is simply done again.
        const from0 = from;
        const to0 = to;
        if (++pixel < last) {
          if (++x < width) {
            from += inputStep;
            to += outputStep;
          } else {
            x = 0;
            from += fromWrap;
            to += toWrap;
          }
        }
        const from1 = from;
        const to1 = to;
        if (++pixel < last) {
          if (++x < width) {
            from += inputStep;
            to += outputStep;
          } else {
            x = 0;
            from += fromWrap;
            to += toWrap;
          }
        }
        const from2 = from;
        const to2 = to;
        if (++pixel < last) {
          if (++x < width) {
            from += inputStep;
            to += outputStep;
          } else {
            x = 0;
            from += fromWrap;
            to += toWrap;
          }
        }
        const from3 = from;
        const to3 = to;
        if (++pixel < last) {
          if (++x < width) {
            from += inputStep;
            to += outputStep;
          } else {
            x = 0;
            from += fromWrap;
            to += toWrap;
          }
        }
        let a0 = bias0;
        let a1 = bias1;
        let b0 = bias0;
        let b1 = bias1;
        let c0 = bias0;
        let c1 = bias1;
        let d0 = bias0;
        let d1 = bias1;
        let w = blockWeights;
        let row: usize = 0;
        for (let r = 0; r < rows; r++) {
          let a = from0 + row;
          let b = from1 + row;
          let c = from2 + row;
          let d = from3 + row;
          const end = a + tapBytes;
          for (; a < end; ) {
            let w0 = v128.load(w);
            let w1 = v128.load(w, 16);
            let s = v128.load32_splat(a);
            a0 = f32x4.add(a0, f32x4.mul(s, w0));
            a1 = f32x4.add(a1, f32x4.mul(s, w1));
            s = v128.load32_splat(b);
            b0 = f32x4.add(b0, f32x4.mul(s, w0));
            b1 = f32x4.add(b1, f32x4.mul(s, w1));
            s = v128.load32_splat(c);
            c0 = f32x4.add(c0, f32x4.mul(s, w0));
            c1 = f32x4.add(c1, f32x4.mul(s, w1));
            s = v128.load32_splat(d);
            d0 = f32x4.add(d0, f32x4.mul(s, w0));
            d1 = f32x4.add(d1, f32x4.mul(s, w1));
            w0 = v128.load(w, 32);
            w1 = v128.load(w, 48);
            s = v128.load32_splat(a, 4);
            a0 = f32x4.add(a0, f32x4.mul(s, w0));
            a1 = f32x4.add(a1, f32x4.mul(s, w1));
            s = v128.load32_splat(b, 4);
            b0 = f32x4.add(b0, f32x4.mul(s, w0));
            b1 = f32x4.add(b1, f32x4.mul(s, w1));
            s = v128.load32_splat(c, 4);
            c0 = f32x4.add(c0, f32x4.mul(s, w0));
            c1 = f32x4.add(c1, f32x4.mul(s, w1));
            s = v128.load32_splat(d, 4);
            d0 = f32x4.add(d0, f32x4.mul(s, w0));
            d1 = f32x4.add(d1, f32x4.mul(s, w1));
            w0 = v128.load(w, 64);
            w1 = v128.load(w, 80);
            s = v128.load32_splat(a, 8);
            a0 = f32x4.add(a0, f32x4.mul(s, w0));
            a1 = f32x4.add(a1, f32x4.mul(s, w1));
            s = v128.load32_splat(b, 8);
            b0 = f32x4.add(b0, f32x4.mul(s, w0));
            b1 = f32x4.add(b1, f32x4.mul(s, w1));
            s = v128.load32_splat(c, 8);
            c0 = f32x4.add(c0, f32x4.mul(s, w0));
            c1 = f32x4.add(c1, f32x4.mul(s, w1));
            s = v128.load32_splat(d, 8);
            d0 = f32x4.add(d0, f32x4.mul(s, w0));
            d1 = f32x4.add(d1, f32x4.mul(s, w1));
            w0 = v128.load(w, 96);
            w1 = v128.load(w, 112);
            s = v128.load32_splat(a, 12);
            a0 = f32x4.add(a0, f32x4.mul(s, w0));
            a1 = f32x4.add(a1, f32x4.mul(s, w1));
            s = v128.load32_splat(b, 12);
            b0 = f32x4.add(b0, f32x4.mul(s, w0));
            b1 = f32x4.add(b1, f32x4.mul(s, w1));
            s = v128.load32_splat(c, 12);
            c0 = f32x4.add(c0, f32x4.mul(s, w0));
            c1 = f32x4.add(c1, f32x4.mul(s, w1));
            s = v128.load32_splat(d, 12);
            d0 = f32x4.add(d0, f32x4.mul(s, w0));
            d1 = f32x4.add(d1, f32x4.mul(s, w1));
            a += 16;
            b += 16;
            c += 16;
            d += 16;
            w += 128;
          }
          row += inputRow;
        }
        if (add) {
          a0 = f32x4.add(a0, v128.load(to0 + addOffset));
          a1 = f32x4.add(a1, v128.load(to0 + addOffset, 16));
          b0 = f32x4.add(b0, v128.load(to1 + addOffset));
          b1 = f32x4.add(b1, v128.load(to1 + addOffset, 16));
          c0 = f32x4.add(c0, v128.load(to2 + addOffset));
          c1 = f32x4.add(c1, v128.load(to2 + addOffset, 16));
          d0 = f32x4.add(d0, v128.load(to3 + addOffset));
          d1 = f32x4.add(d1, v128.load(to3 + addOffset, 16));
        }
        if (relu) {
          a0 = f32x4.pmax(zero, a0);
          a1 = f32x4.pmax(zero, a1);
          b0 = f32x4.pmax(zero, b0);
          b1 = f32x4.pmax(zero, b1);
          c0 = f32x4.pmax(zero, c0);
          c1 = f32x4.pmax(zero, c1);
          d0 = f32x4.pmax(zero, d0);
          d1 = f32x4.pmax(zero, d1);
        }
        v128.store(to0, a0);
        v128.store(to0, a1, 16);
        v128.store(to1, b0);
        v128.store(to1, b1, 16);
        v128.store(to2, c0);
        v128.store(to2, c1, 16);
        v128.store(to3, d0);
        v128.store(to3, d1, 16);
      }
      blockWeights += blockBytes;
    }
  }
}
