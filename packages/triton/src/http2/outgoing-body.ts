/** A body in pieces that stay where they lie, handed out in portions. */
export class OutgoingBody {
  readonly #pieces: readonly Uint8Array[];
  #index = 0;
  #offset = 0;
  #left: number;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    this.#left = pieces.reduce((sum, { length }) => sum + length, 0);
  }

  get left(): number {
    return this.#left;
  }

  /** The next bytes, which must be there. */
  take(bytes: number): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (let missing = bytes; missing > 0; ) {
      const piece = this.#pieces[this.#index];
      if (!piece) throw new RangeError("more was taken than is left");
      const part = piece.subarray(this.#offset, this.#offset + missing);
      taken.push(part);
      missing -= part.length;
      this.#offset += part.length;
      if (this.#offset === piece.length) {
        this.#index++;
        this.#offset = 0;
      }
    }
    this.#left -= bytes;
    return taken;
  }
}
