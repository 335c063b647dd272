const GPS_POINTER = 0x8825;
const LATITUDE = 2;
const LONGITUDE = 4;
const MAX_ENTRIES = 512;
const ENTRY_BYTES = 12;

/**
 * Whether an EXIF block (with or without its "Exif" head) tells a place. Whatever is broken in it tells none: this
 * is read from files of strangers, every offset is checked, and no loop is longer than what it is given.
 */
export function tellsPlace(exif: Uint8Array): boolean {
  const start = startsWithHead(exif) ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  if (view.byteLength < 8) return false;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return false;
  const little = order === 0x4949;
  const pointer = entriesAt(view, view.getUint32(4, little), little).find(({ tag }) => tag === GPS_POINTER);
  if (!pointer) return false;
  // Some telephones write the block and leave the place out.
  const gps = entriesAt(view, view.getUint32(pointer.valueAt, little), little);
  return gps.some(({ tag }) => tag === LATITUDE || tag === LONGITUDE);
}

function startsWithHead(exif: Uint8Array): boolean {
  return (
    Buffer.from(exif.buffer, exif.byteOffset, Math.min(6, exif.byteLength)).toString("latin1") === "Exif\0\0"
  );
}

function entriesAt(view: DataView, offset: number, little: boolean): { tag: number; valueAt: number }[] {
  if (offset + 2 > view.byteLength) return [];
  const count = Math.min(MAX_ENTRIES, view.getUint16(offset, little));
  const entries: { tag: number; valueAt: number }[] = [];
  for (let index = 0, at = offset + 2; index < count && at + ENTRY_BYTES <= view.byteLength; index++) {
    entries.push({ tag: view.getUint16(at, little), valueAt: at + 8 });
    at += ENTRY_BYTES;
  }
  return entries;
}
