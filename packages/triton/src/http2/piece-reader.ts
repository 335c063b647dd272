/** Cuts what comes in chunks into pieces: each has a head of fixed size, which says how long its body is. */
export class PieceReader {
  readonly #headBytes: number;
  readonly #bodyBytes: (head: Buffer) => number;
  #chunks: Buffer[] = [];
  #buffered = 0;

  /** @param bodyBytes reads the head; it may be followed by other bytes, and throw */
  constructor(headBytes: number, bodyBytes: (head: Buffer) => number) {
    this.#headBytes = headBytes;
    this.#bodyBytes = bodyBytes;
  }

  /** Whether bytes of a piece that has not ended are there. */
  get pending(): boolean {
    return this.#buffered > 0;
  }

  /** The pieces that are complete with this chunk, heads included; they share its memory. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const pieces: Buffer[] = [];
    for (;;) {
      const size = this.#nextSize();
      if (size === undefined || this.#buffered < size) return pieces;
      const all = this.#joined();
      pieces.push(all.subarray(0, size));
      this.#keep(all.subarray(size));
    }
  }

  #nextSize(): number | undefined {
    if (this.#buffered < this.#headBytes) return undefined;
    const [first] = this.#chunks;
    const head = first && first.length >= this.#headBytes ? first : this.#joined();
    return this.#headBytes + this.#bodyBytes(head);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const all = Buffer.concat(this.#chunks, this.#buffered);
    this.#keep(all);
    return all;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
  }
}
