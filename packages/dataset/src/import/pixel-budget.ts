/**
 * Lets so many pictures be decoded at once as fit into memory. One that is larger than everything waits until it
 * is alone. First come, first served.
 */
export class PixelBudget {
  readonly #pixels: number;
  #used = 0;
  readonly #waiting: { readonly pixels: number; readonly go: () => void }[] = [];

  constructor(pixels: number) {
    this.#pixels = pixels;
  }

  async spend<T>(pixels: number, work: () => Promise<T>): Promise<T> {
    const share = Math.min(pixels, this.#pixels);
    if (this.#waiting.length > 0 || this.#used + share > this.#pixels) {
      await new Promise<void>((go) => this.#waiting.push({ pixels: share, go }));
    } else {
      this.#used += share;
    }
    try {
      return await work();
    } finally {
      this.#used -= share;
      this.#letIn();
    }
  }

  #letIn(): void {
    for (
      let next = this.#waiting[0];
      next && this.#used + next.pixels <= this.#pixels;
      next = this.#waiting[0]
    ) {
      this.#used += next.pixels;
      this.#waiting.shift();
      next.go();
    }
  }
}
