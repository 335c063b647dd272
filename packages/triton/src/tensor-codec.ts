import { isAscii } from "node:buffer";
import { InferenceError } from "./inference-error.ts";

/** Elements that a decoded tensor may have at most: a hundred times what a cast needs, and a bound on the memory. */
export const MAX_ELEMENTS = 1 << 20;

const LENGTH_BYTES = 4;
/** What a decoder puts in the place of bytes that are not UTF-8; a text may also hold it by right. */
const REPLACEMENT = "\ufffd";
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// Typed arrays have the machine's byte order, the wire is little-endian.
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Raw BYTES: for each element its length (uint32, little-endian), then its bytes. */
export function encodeBytes(elements: readonly (string | Uint8Array)[]): Uint8Array {
  const raw = Buffer.allocUnsafe(
    elements.reduce((sum, element) => sum + LENGTH_BYTES + Buffer.byteLength(element), 0),
  );
  let at = 0;
  for (const element of elements) {
    const start = at + LENGTH_BYTES;
    if (typeof element === "string") at = start + raw.write(element, start);
    else {
      raw.set(element, start);
      at = start + element.length;
    }
    raw.writeUInt32LE(at - start, start - LENGTH_BYTES);
  }
  return raw;
}

/** The elements of a raw BYTES tensor, each a copy of its own. @throws InferenceError malformed-answer */
export function decodeBytes(raw: Uint8Array, count: number): Uint8Array[] {
  const elements: Uint8Array[] = [];
  forEachElement(raw, count, (start, end) => elements.push(Uint8Array.prototype.slice.call(raw, start, end)));
  return elements;
}

/** The same as text. @throws InferenceError malformed-answer, also for what is not UTF-8 */
export function decodeStrings(raw: Uint8Array, count: number): string[] {
  const buffer = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const texts: string[] = [];
  if (isAscii(buffer)) {
    const all = buffer.toString("latin1");
    forEachElement(raw, count, (start, end) => texts.push(all.slice(start, end)));
    return texts;
  }
  forEachElement(raw, count, (start, end) => {
    const text = buffer.toString("utf8", start, end);
    if (text.includes(REPLACEMENT)) requireUtf8(raw.subarray(start, end), texts.length);
    texts.push(text);
  });
  return texts;
}

/** Calls with the first byte of each element, and the one after its last. */
function forEachElement(raw: Uint8Array, count: number, found: (start: number, end: number) => void): void {
  // Looked at before anything is allocated: every element takes its length field at least.
  if (!isCount(count) || count * LENGTH_BYTES > raw.length) {
    throw malformed(`${raw.length} bytes cannot hold ${count} BYTES elements`);
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + LENGTH_BYTES > raw.length) throw malformed(`BYTES element ${index} has no length`);
    const length = view.getUint32(at, true);
    at += LENGTH_BYTES;
    if (length > raw.length - at) {
      throw malformed(`BYTES element ${index} claims ${length} bytes where ${raw.length - at} are left`);
    }
    found(at, at + length);
    at += length;
  }
  if (at !== raw.length) throw malformed(`${raw.length - at} bytes follow the last BYTES element`);
}

function requireUtf8(element: Uint8Array, index: number): void {
  try {
    strictUtf8.decode(element);
  } catch (cause) {
    throw malformed(`BYTES element ${index} is not UTF-8`, { cause });
  }
}

export function encodeFp32(values: ArrayLike<number>): Uint8Array {
  return littleEndian(Float32Array.from(values), 4);
}

/** @throws InferenceError malformed-answer where the bytes are not exactly `count` floats */
export function decodeFp32(raw: Uint8Array, count: number): Float32Array {
  requireSize(raw, count, { width: 4, datatype: "FP32" });
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) values[index] = view.getFloat32(4 * index, true);
  return values;
}

export function encodeInt64(values: ArrayLike<bigint>): Uint8Array {
  return littleEndian(BigInt64Array.from(Array.from(values)), 8);
}

/** @throws InferenceError malformed-answer where the bytes are not exactly `count` integers */
export function decodeInt64(raw: Uint8Array, count: number): BigInt64Array {
  return new BigInt64Array(ownBytes(raw, count, 8, "INT64").buffer);
}

export function encodeBool(values: readonly boolean[]): Uint8Array {
  return Uint8Array.from(values, Number);
}

/** @throws InferenceError malformed-answer where the bytes are not exactly `count` zeros and ones */
export function decodeBool(raw: Uint8Array, count: number): boolean[] {
  return Array.from(ownBytes(raw, count, 1, "BOOL"), (byte, index) => {
    if (byte > 1) throw malformed(`BOOL element ${index} is ${byte}`);
    return byte === 1;
  });
}

/** How many elements a shape has. @throws InferenceError malformed-answer for negative or absurd sizes */
export function elementsOf(shape: readonly bigint[]): number {
  let count = 1;
  for (const size of shape) {
    // What a number cannot hold exactly is far above the limit.
    count *= Number(size);
    if (size < 0n || count > MAX_ELEMENTS) throw malformed(`the shape [${shape.join()}] is out of range`);
  }
  return count;
}

/** A copy that is aligned, in the machine's byte order, and does not keep the message that `raw` is a part of. */
function ownBytes(raw: Uint8Array, count: number, width: number, datatype: string): Uint8Array<ArrayBuffer> {
  requireSize(raw, count, { width, datatype });
  return littleEndian(new Uint8Array(raw), width);
}

function requireSize(
  raw: Uint8Array,
  count: number,
  { width, datatype }: { readonly width: number; readonly datatype: string },
): void {
  if (!isCount(count) || raw.length !== count * width) {
    throw malformed(`${raw.length} bytes are not ${count} ${datatype} elements`);
  }
}

function littleEndian(values: ArrayBufferView<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (LITTLE_ENDIAN || width === 1) return bytes;
  const swapped = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 4) swapped.swap32();
  else swapped.swap64();
  return bytes;
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= MAX_ELEMENTS;
}

function malformed(message: string, options?: ErrorOptions): InferenceError {
  return new InferenceError("malformed-answer", message, options);
}
