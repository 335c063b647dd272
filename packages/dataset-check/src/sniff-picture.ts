/** What a file is by its first bytes, whatever it is called. */
export type PictureType =
  | "jpeg"
  | "png"
  | "webp"
  | "gif"
  | "tiff"
  | "avif"
  | "heic"
  | "bmp"
  | "jxl"
  | "svg"
  | "pdf";

const EXTENSIONS: Readonly<Record<string, PictureType>> = {
  jpg: "jpeg",
  jpeg: "jpeg",
  jpe: "jpeg",
  jfif: "jpeg",
  mpo: "jpeg",
  png: "png",
  webp: "webp",
  gif: "gif",
  tif: "tiff",
  tiff: "tiff",
  avif: "avif",
  heic: "heic",
  heif: "heic",
  bmp: "bmp",
  jxl: "jxl",
  svg: "svg",
  pdf: "pdf",
};

export function sniffPicture(bytes: Uint8Array): PictureType | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(64, bytes.byteLength)).toString("latin1");
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^RIFF....WEBP/s.test(head)) return "webp";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^(?:II[*+]\0|MM\0[*+])/.test(head)) return "tiff";
  const brand = /^....ftyp(....)/s.exec(head)?.[1];
  if (brand === "avif" || brand === "avis") return "avif";
  if (brand && /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return "heic";
  if (head.startsWith("BM")) return "bmp";
  if (head.startsWith("\xff\n") || head.startsWith("\0\0\0\fJXL ")) return "jxl";
  if (head.startsWith("%PDF")) return "pdf";
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!DOCTYPE svg)/i.test(head)) return "svg";
  return undefined;
}

/** What a file name promises; undefined where it has no ending that we know. */
export function typeOfName(fileName: string): PictureType | undefined {
  return EXTENSIONS[/\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ""];
}

/** Whether a JPEG is an MPO: several pictures in one file, as two-lensed and HDR cameras write them. */
export function isMpo(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Segment by segment up to the pixels; each says how long it is.
  for (let at = 2; at + 8 <= bytes.byteLength && view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker === 0xda || marker === 0xd9) return false;
    else if (marker === 0xe2 && view.getUint32(at + 4) === MPF) return true;
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return false;
}

/** "MPF" and a zero byte. */
const MPF = 0x4d504600;
