import sharp from "sharp";
import { PictureRefused } from "./drop-reasons.ts";
import { readJpegHeader } from "./jpeg-header.ts";
import { type PictureLimits, refuseTooManyBytes, refuseTooManyPixels } from "./picture-limits.ts";

/** A picture that is worth decoding. Width and height are as stored, before any rotation. */
export interface InspectedPicture {
  readonly format: PictureFormat;
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 (upright) to 8. */
  readonly orientation: number;
  /** An ordinary colour or grey JPEG, which every recognizer reads. */
  readonly plainJpeg: boolean;
}

export type PictureFormat = "jpeg" | "png" | "webp";

/** Looks at a picture without decoding it. @throws PictureRefused */
export async function inspectPicture(bytes: Uint8Array, limits: PictureLimits): Promise<InspectedPicture> {
  refuseTooManyBytes(bytes.length, limits);
  const format = sniffFormat(bytes);
  if (!format) throw new PictureRefused("not-a-picture", notAPicture(bytes));
  const inspected = format === "jpeg" ? inspectJpeg(bytes) : await inspectOther(bytes, format, limits);
  refuseTooManyPixels(inspected.width, inspected.height, limits);
  return inspected;
}

/** By the first bytes; what a file is called or a request claims does not count. */
export function sniffFormat(bytes: Uint8Array): PictureFormat | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString("latin1");
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) return "webp";
  return undefined;
}

function notAPicture(bytes: Uint8Array): string {
  if (bytes.length === 0) return "the picture is empty: it has no bytes at all";
  const text = bytes
    .subarray(0, 64)
    .every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
  return `${text ? "this is text, not a picture" : "this is not a picture that we know"}: send JPEG, PNG or WebP`;
}

function inspectJpeg(bytes: Uint8Array): InspectedPicture {
  const header = readJpegHeader(bytes);
  if (!header) throw new PictureRefused("truncated", "the JPEG ends or is damaged before its pixels begin");
  const { width, height, orientation, components } = header;
  return { format: "jpeg", width, height, orientation, plainJpeg: components === 3 || components === 1 };
}

async function inspectOther(
  bytes: Uint8Array,
  format: PictureFormat,
  limits: PictureLimits,
): Promise<InspectedPicture> {
  const { width, height, pages, orientation } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new PictureRefused("truncated", `the ${NAMES[format]} picture is damaged or ends too early`, {
        cause,
      });
    });
  refuseTooManyPixels(width, height, limits);
  if ((pages ?? 1) > 1) {
    throw new PictureRefused(
      "animated",
      `the ${NAMES[format]} picture holds ${pages} pictures: send one at a time`,
    );
  }
  return { format, width, height, orientation: orientation ?? 1, plainJpeg: false };
}

export const NAMES: Readonly<Record<PictureFormat, string>> = { jpeg: "JPEG", png: "PNG", webp: "WebP" };
