const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;
/** Markers that stand alone, without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/**
 * The same JPEG without what is not picture: EXIF (with its GPS), XMP, IPTC, comments, and the further pictures of
 * an MPO. The pixels stay bit for bit; so do the colour profile and Adobe's note about the colour transform, without
 * which the colours were wrong.
 * @returns undefined where the file is not laid out as expected: then decode and encode it.
 */
export function stripJpeg(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    if (marker === EOI) {
      kept.push(bytes.subarray(at, at + 2));
      return Buffer.concat(kept);
    }
    if (isBare(marker)) {
      kept.push(bytes.subarray(at, at + 2));
      at += 2;
      continue;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    let end = at + 2 + length;
    if (length < 2 || end > bytes.length) return undefined;
    if (marker === SOS) end = endOfScan(bytes, end);
    const segment = bytes.subarray(at, end);
    if (isPicture(marker, segment)) kept.push(segment);
    at = end;
  }
  return undefined;
}

function isPicture(marker: number, segment: Uint8Array): boolean {
  if (marker === COMMENT) return false;
  if (marker === APP2) return startsWith(segment, "ICC_PROFILE\0");
  if (marker === APP0) return startsWith(segment, "JFIF\0");
  if (marker === APP14) return startsWith(segment, "Adobe");
  return marker < APP0 || marker > APP15;
}

function startsWith(segment: Uint8Array, name: string): boolean {
  return Buffer.from(segment.subarray(4, 4 + name.length)).toString("latin1") === name;
}

/** Coded pixels run up to the next marker that is neither a restart nor a stuffed zero. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1] as number;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
