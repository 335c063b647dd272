import { ErrorCode, Http2Error } from "./http2-error.ts";
import { decodeHuffman } from "./huffman.ts";
import { STATIC_FIELDS } from "./static-fields.ts";

/** The fields of an answer, by their names in small letters. Of those with the same name, the first. */
export type Headers = ReadonlyMap<string, string>;

/**
 * The header compression of HTTP/2 (RFC 7541) without its memory. We tell the server that our table has no room
 * (SETTINGS_HEADER_TABLE_SIZE 0) and put nothing into its table: so every block can be read and written by itself.
 */

/** The bits that begin a field, and how many bits of the same octet are left for the number that follows. */
const INDEXED = { mark: 0x80, bits: 7 };
const ADDED = { mark: 0x40, bits: 6 };
const TABLE_SIZE = { mark: 0x20, bits: 5 };
const LITERAL_BITS = 4;
const HUFFMAN = { mark: 0x80, bits: 7 };

/** Field by field as literals, uncompressed. Names are in small letters, values in ASCII. */
export function encodeHeaders(fields: readonly (readonly [name: string, value: string])[]): Buffer {
  const longest = fields.reduce((sum, [name, value]) => sum + 1 + 2 * 6 + name.length + value.length, 0);
  const block = Buffer.allocUnsafe(longest);
  let at = 0;
  for (const [name, value] of fields) {
    block[at++] = 0;
    at = writeString(block, at, name);
    at = writeString(block, at, value);
  }
  return block.subarray(0, at);
}

function writeString(block: Buffer, at: number, text: string): number {
  const start = writeNumber(block, at, text.length);
  return start + block.write(text, start, "latin1");
}

function writeNumber(block: Buffer, at: number, number: number): number {
  const most = 2 ** HUFFMAN.bits - 1;
  if (number < most) {
    block[at] = number;
    return at + 1;
  }
  block[at++] = most;
  let rest = number - most;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) block[at++] = (rest % 0x80) | 0x80;
  block[at] = rest;
  return at + 1;
}

/** @throws Http2Error COMPRESSION_ERROR */
export function decodeHeaders(block: Buffer): Headers {
  const headers = new Map<string, string>();
  const reader = new BlockReader(block);
  while (!reader.atEnd) {
    const [name, value] = reader.field() ?? [];
    if (name !== undefined && value !== undefined && !headers.has(name)) headers.set(name, value);
  }
  return headers;
}

class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get atEnd(): boolean {
    return this.#at >= this.#block.length;
  }

  /** The next field, or undefined for a word about the table, which stays empty. */
  field(): readonly [name: string, value: string] | undefined {
    const first = this.#block[this.#at] ?? 0;
    if (first & INDEXED.mark) return staticField(this.#number(INDEXED.bits));
    if (!(first & ADDED.mark) && first & TABLE_SIZE.mark) {
      if (this.#number(TABLE_SIZE.bits) > 0) throw malformed("a table is to be larger than ours may be");
      return undefined;
    }
    // A field to be added to a table without room is not kept.
    const index = this.#number(first & ADDED.mark ? ADDED.bits : LITERAL_BITS);
    const name = index > 0 ? staticField(index)[0] : this.#text();
    return [name, this.#text()];
  }

  #text(): string {
    const compressed = ((this.#block[this.#at] ?? 0) & HUFFMAN.mark) !== 0;
    const length = this.#number(HUFFMAN.bits);
    const end = this.#at + length;
    if (end > this.#block.length) throw malformed("a string is longer than its block");
    const text = compressed
      ? decodeHuffman(this.#block.subarray(this.#at, end))
      : this.#block.toString("latin1", this.#at, end);
    this.#at = end;
    return text;
  }

  #number(bits: number): number {
    const most = 2 ** bits - 1;
    let number = this.#octet() & most;
    if (number < most) return number;
    for (let weight = 1; ; weight *= 0x80) {
      if (weight > 2 ** 28) throw malformed("a number is too long");
      const octet = this.#octet();
      number += (octet & 0x7f) * weight;
      if (octet < 0x80) return number;
    }
  }

  #octet(): number {
    const octet = this.#block[this.#at++];
    if (octet === undefined) throw malformed("the block ends in the middle of a field");
    return octet;
  }
}

function staticField(index: number): readonly [name: string, value: string] {
  const field = STATIC_FIELDS[index - 1];
  if (!field) throw malformed(`field ${index} is not in the table`);
  return field;
}

function malformed(message: string): Http2Error {
  return new Http2Error(ErrorCode.compressionError, message);
}
