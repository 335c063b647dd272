/**
 * Ridge regression of several targets at once, from sums that rows can be added to and taken from again: leaving a
 * scene out costs no more than its rows. Rows have `dimensions` numbers, targets `outputs`.
 */
export class Ridge {
  readonly #dimensions: number;
  readonly #outputs: number;
  /** Lower triangle, row by row. */
  readonly #products: Float64Array;
  readonly #answers: Float64Array;

  constructor(dimensions: number, outputs: number, from?: Ridge) {
    this.#dimensions = dimensions;
    this.#outputs = outputs;
    this.#products = from ? from.#products.slice() : new Float64Array((dimensions * (dimensions + 1)) / 2);
    this.#answers = from ? from.#answers.slice() : new Float64Array(dimensions * outputs);
  }

  copy(): Ridge {
    return new Ridge(this.#dimensions, this.#outputs, this);
  }

  /** @param weight how much the row counts; negative takes it away again. @param output where its target is 1; elsewhere it is 0. */
  add(row: Float32Array, weight: number, output: number | undefined): void {
    let at = 0;
    for (let i = 0; i < this.#dimensions; i++) {
      const scaled = weight * (row[i] as number);
      if (scaled === 0) {
        at += i + 1;
        continue;
      }
      for (let j = 0; j <= i; j++, at++) {
        this.#products[at] = (this.#products[at] as number) + scaled * (row[j] as number);
      }
      if (output !== undefined) {
        const to = i * this.#outputs + output;
        this.#answers[to] = (this.#answers[to] as number) + scaled;
      }
    }
  }

  /**
   * Weights, one vector an output, that minimise the weighted squared error plus `penalty` times their squared length.
   * By Cholesky's decomposition: the penalty makes the matrix positive definite.
   */
  solve(penalty: number): Float32Array[] {
    const size = this.#dimensions;
    const lower = Float64Array.from(this.#products);
    const start = (row: number) => (row * (row + 1)) / 2;
    for (let i = 0; i < size; i++) lower[start(i) + i] = (lower[start(i) + i] as number) + penalty;
    for (let i = 0; i < size; i++) {
      const rowI = start(i);
      for (let j = 0; j <= i; j++) {
        const rowJ = start(j);
        let sum = lower[rowI + j] as number;
        for (let k = 0; k < j; k++) sum -= (lower[rowI + k] as number) * (lower[rowJ + k] as number);
        lower[rowI + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (lower[rowJ + j] as number);
      }
    }
    return Array.from({ length: this.#outputs }, (_, output) => this.#substitute(lower, output));
  }

  #substitute(lower: Float64Array, output: number): Float32Array {
    const size = this.#dimensions;
    const x = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      const row = (i * (i + 1)) / 2;
      let sum = this.#answers[i * this.#outputs + output] as number;
      for (let k = 0; k < i; k++) sum -= (lower[row + k] as number) * (x[k] as number);
      x[i] = sum / (lower[row + i] as number);
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i] as number;
      for (let k = i + 1; k < size; k++) sum -= (lower[(k * (k + 1)) / 2 + i] as number) * (x[k] as number);
      x[i] = sum / (lower[(i * (i + 1)) / 2 + i] as number);
    }
    return Float32Array.from(x);
  }
}
