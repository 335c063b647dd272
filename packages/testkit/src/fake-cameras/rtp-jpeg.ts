/** A baseline JPEG taken apart as RFC 2435 wants it: tables once, then nothing but the scan. */
interface ScanParts {
  readonly width: number;
  readonly height: number;
  /** Both quantization tables, 64 bytes each, in zigzag order. */
  readonly tables: Buffer;
  readonly scan: Buffer;
}

const RTP_VERSION = 0x80;
const PAYLOAD_JPEG = 26;
/** Below the usual MTU. */
const MAX_PAYLOAD = 1_400;
const TYPE_420 = 1;
const TABLES_IN_BAND = 255;

/**
 * One picture as RTP packets (RFC 2435). The JPEG must be baseline 4:2:0 with the standard Huffman tables and sides that
 * are multiples of 16: sharp writes such with `optimiseCoding: false`.
 */
export function rtpJpegPackets(
  jpeg: Uint8Array,
  { sequence, timestamp }: { readonly sequence: number; readonly timestamp: number },
): Buffer[] {
  const { width, height, tables, scan } = takeApart(Buffer.from(jpeg));
  const packets: Buffer[] = [];
  for (let offset = 0; offset < scan.length; ) {
    const first = offset === 0;
    const body = scan.subarray(offset, offset + MAX_PAYLOAD);
    const header = Buffer.alloc(20);
    header[0] = RTP_VERSION;
    header[1] = PAYLOAD_JPEG | (offset + body.length >= scan.length ? 0x80 : 0);
    header.writeUInt16BE((sequence + packets.length) & 0xffff, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(0x0fa7e, 8);
    header.writeUIntBE(offset, 13, 3);
    header.set([TYPE_420, TABLES_IN_BAND, width / 8, height / 8], 16);
    const tableHeader = first ? Buffer.from([0, 0, 0, tables.length]) : Buffer.alloc(0);
    packets.push(Buffer.concat([header, tableHeader, first ? tables : Buffer.alloc(0), body]));
    offset += body.length;
  }
  return packets;
}

function takeApart(jpeg: Buffer): ScanParts {
  const tables: Buffer[] = [];
  let [width, height] = [0, 0];
  let at = 2;
  for (;;) {
    const marker = jpeg[at + 1];
    const length = jpeg.readUInt16BE(at + 2);
    const body = jpeg.subarray(at + 4, at + 2 + length);
    // One segment may hold several tables, each after a byte of precision and number.
    if (marker === 0xdb) for (let i = 1; i < body.length; i += 65) tables.push(body.subarray(i, i + 64));
    if (marker === 0xc0) [height, width] = [body.readUInt16BE(1), body.readUInt16BE(3)];
    at += 2 + length;
    if (marker === 0xda) break;
  }
  if (width % 16 || height % 16 || width === 0)
    throw new Error("the fake camera needs a baseline JPEG in steps of 16 pixels");
  const [luma, chroma = luma] = tables;
  if (!luma || !chroma) throw new Error("the JPEG has no quantization tables");
  return { width, height, tables: Buffer.concat([luma, chroma]), scan: jpeg.subarray(at, jpeg.length - 2) };
}
