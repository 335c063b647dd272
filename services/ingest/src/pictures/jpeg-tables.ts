/** Bits of a code that are looked up at once; longer ones, rare, are searched for. */
export const LOOKUP_BITS = 10;

/** One Huffman table (ITU-T T.81, annex C and F.2.2.3), prepared for reading. */
export interface HuffmanTable {
  /** For the next LOOKUP_BITS bits: symbol << 5 | length of its code; 0 where the code is longer or there is none. */
  readonly short: Uint16Array;
  /** By length: greatest code, or -1. */
  readonly greatest: Int32Array;
  /** By length: what to add to a code to get its symbol's place. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

export interface JpegComponent {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly quantization: number;
}

/** What has to be known to read the scan of a baseline JPEG. */
export interface JpegTables {
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  /** By table number: the step of the mean (DC) of a block. */
  readonly meanSteps: ReadonlyMap<number, number>;
  readonly dc: ReadonlyMap<number, HuffmanTable>;
  readonly ac: ReadonlyMap<number, HuffmanTable>;
  /** MCUs between two restart markers, 0 for none. */
  readonly restartInterval: number;
  /** Per component of the scan: which tables. */
  readonly scan: readonly { readonly id: number; readonly dc: number; readonly ac: number }[];
  /** Where the scan's data begins. */
  readonly scanAt: number;
}

/**
 * Reads all that stands before the scan. Undefined for what is not an ordinary JPEG (baseline, 8 bits, one scan of grey
 * or YCbCr), and for what makes no sense.
 */
export function readJpegTables(bytes: Uint8Array): JpegTables | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = {
    width: 0,
    height: 0,
    components: [] as JpegComponent[],
    meanSteps: new Map<number, number>(),
    dc: new Map<number, HuffmanTable>(),
    ac: new Map<number, HuffmanTable>(),
    restartInterval: 0,
  };
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length || end < at + 4) return undefined;
    const body = bytes.subarray(at + 4, end);
    at = end;
    switch (marker) {
      case 0xc0:
        // A second frame header would be one that nobody has checked the size of.
        if (found.width > 0 || !readFrame(body, found)) return undefined;
        break;
      case 0xc4:
        if (!readHuffman(body, found)) return undefined;
        break;
      case 0xdb:
        if (!readQuantization(body, found.meanSteps)) return undefined;
        break;
      case 0xdd:
        if (body.length < 2) return undefined;
        found.restartInterval = view.getUint16(end - body.length);
        break;
      case 0xee:
        // Adobe's segment says that the colours are not YCbCr.
        if (body.length >= 12 && body[11] === 0) return undefined;
        break;
      case 0xda: {
        const scan = readScan(body);
        return scan && scan.length === found.components.length ? { ...found, scan, scanAt: end } : undefined;
      }
      default:
        // Any other kind of frame: progressive, lossless, arithmetic.
        if (marker > 0xc0 && marker <= 0xcf && marker !== 0xc8) return undefined;
    }
  }
  return undefined;
}

function readFrame(
  body: Uint8Array,
  found: { width: number; height: number; components: JpegComponent[] },
): boolean {
  const [precision = 0, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = body;
  if (precision !== 8 || (count !== 1 && count !== 3) || body.length < 6 + count * 3) return false;
  found.height = h1 * 256 + h0;
  found.width = w1 * 256 + w0;
  found.components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantization = 0] = body.subarray(6 + index * 3);
    return { id, h: sampling >> 4, v: sampling & 15, quantization };
  });
  const [luma, ...rest] = found.components;
  const sampled = found.components.every(({ h, v }) => h >= 1 && h <= 4 && v >= 1 && v <= 4);
  // The first component is the brightness, and nothing is finer than it.
  const finest = luma !== undefined && rest.every(({ h, v }) => h <= luma.h && v <= luma.v);
  return found.width > 0 && found.height > 0 && sampled && finest;
}

function readQuantization(body: Uint8Array, meanSteps: Map<number, number>): boolean {
  for (let at = 0; at < body.length; ) {
    const [head = 0, high = 0, low = 0] = body.subarray(at);
    const wide = head >> 4 !== 0;
    meanSteps.set(head & 15, wide ? high * 256 + low : high);
    at += wide ? 129 : 65;
    if (at > body.length) return false;
  }
  return true;
}

function readHuffman(
  body: Uint8Array,
  found: { dc: Map<number, HuffmanTable>; ac: Map<number, HuffmanTable> },
): boolean {
  for (let at = 0; at < body.length; ) {
    const head = body[at] as number;
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = body.subarray(at + 17, at + 17 + total);
    if (counts.length < 16 || symbols.length < total || total > 256) return false;
    const table = buildTable(counts, symbols);
    if (!table) return false;
    (head >> 4 ? found.ac : found.dc).set(head & 15, table);
    at += 17 + total;
  }
  return true;
}

function buildTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | undefined {
  const short = new Uint16Array(1 << LOOKUP_BITS);
  const greatest = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length += 1, code <<= 1) {
    const count = counts[length - 1] as number;
    offset[length] = place - code;
    for (let i = 0; i < count; i += 1, code += 1, place += 1) {
      if (length > LOOKUP_BITS) continue;
      const spare = LOOKUP_BITS - length;
      short.fill(((symbols[place] as number) << 5) | length, code << spare, (code + 1) << spare);
    }
    // More codes than fit into that many bits.
    if (code > 1 << length) return undefined;
    if (count > 0) greatest[length] = code - 1;
  }
  return { short, greatest, offset, symbols };
}

function readScan(body: Uint8Array) {
  const count = body[0] ?? 0;
  if (body.length < 4 + count * 2) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const [id = 0, tables = 0] = body.subarray(1 + index * 2);
    return { id, dc: tables >> 4, ac: tables & 15 };
  });
}
