const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** What the pixels and their colours need; text, time, EXIF and the frames of an animation are not among them. */
const KEPT = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "cHRM",
  "gAMA",
  "iCCP",
  "sBIT",
  "sRGB",
  "cICP",
  "bKGD",
  "pHYs",
]);

/**
 * The same PNG without what is not picture. Of an animation the first picture remains.
 * @returns undefined where the file is not laid out as expected.
 */
export function stripPng(
  bytes: Uint8Array,
): { readonly bytes: Uint8Array; readonly animated: boolean } | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const kept: Uint8Array[] = [SIGNATURE];
  let animated = false;
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) return undefined;
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === "acTL") animated = true;
    if (KEPT.has(type)) kept.push(file.subarray(at, end));
    if (type === "IEND") return { bytes: Buffer.concat(kept), animated };
    at = end;
  }
  return undefined;
}
