import { UserError } from "@followspot/domain";
import sharp from "sharp";

/** Decoded pixels, upright, 8 bits a channel: red, green, blue of the first pixel, then of the next in the row. */
export interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface DecodedPicture extends Picture {
  /** Size of the upright picture as it was sent, before it was made smaller. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/** 128 megapixels: more than the phones of today take, and 384 MB at most while it is decoded. */
export const MAX_PIXELS = 128 * 1024 * 1024;
export const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
const MIN_SIDE = 8;

/**
 * Decodes a JPEG, PNG, WebP, GIF, TIFF or AVIF picture: every pixel, the first page only (an MPO is its first
 * JPEG), EXIF orientation baked in, transparency laid over mid grey. Pictures larger than `maxSide` are made
 * smaller while they are decoded, which is many times faster for a phone's photographs.
 * @throws UserError one sentence, without the file's name: the caller knows what to call it.
 */
export async function decodePicture(
  bytes: Uint8Array,
  { maxSide = 1024 }: { readonly maxSide?: number } = {},
): Promise<DecodedPicture> {
  checkPictureBytes(bytes);
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", sequentialRead: true });
    const { width, height, autoOrient } = await image.metadata();
    checkPictureSize({ width, height });
    const { data, info } = await image
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: "inside", withoutEnlargement: true })
      .flatten({ background: { r: 128, g: 128, b: 128 } })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      rgb: threeChannels(data, info.channels),
      width: info.width,
      height: info.height,
      sourceWidth: autoOrient.width,
      sourceHeight: autoOrient.height,
    };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw undecodable(cause);
  }
}

/** @throws UserError for what is refused before a decoder sees it. */
export function checkPictureBytes(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw new UserError("the picture is empty (0 bytes)");
  if (bytes.byteLength > MAX_PICTURE_BYTES) {
    throw new UserError(
      `the picture has ${bytes.byteLength} bytes, at most ${MAX_PICTURE_BYTES} are allowed`,
    );
  }
  if (looksLikeHeic(bytes)) {
    throw new UserError("the picture is HEIC, which cannot be decoded here: save it as JPEG and try again");
  }
}

/** @throws UserError for sizes that nothing can be done with. */
export function checkPictureSize({ width, height }: Pick<Picture, "width" | "height">): void {
  if (width * height > MAX_PIXELS) {
    throw new UserError(
      `the picture is ${width} x ${height} pixels, at most ${MAX_PIXELS} pixels are allowed`,
    );
  }
  if (Math.min(width, height) < MIN_SIDE) {
    throw new UserError(`the picture is ${width} x ${height} pixels, at least ${MIN_SIDE} a side are needed`);
  }
}

/** What a decoder said about a broken file, as one sentence. */
export function undecodable(cause: unknown): UserError {
  return new UserError(
    `the picture cannot be decoded (${reasonOf(cause)}): save it again as JPEG or PNG, or take it out`,
    { cause },
  );
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = data[pixel * channels + (channels >= 3 ? channel : 0)] ?? 0;
    }
  }
  return rgb;
}

function looksLikeHeic(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString("latin1");
  return /^....ftyp(?:heic|heix|hevc|heim|heis|mif1|msf1)/s.test(head);
}

/**
 * libvips writes several lines, some with the library's inside: the last one says what went wrong, but for those of
 * the writer, who only did not get his pixels.
 */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  const lines = message.trim().split("\n");
  const reason = lines.findLast((line) => !line.startsWith("vips2")) ?? lines[0];
  return reason === UNSUPPORTED
    ? "it is no picture of a known type"
    : (reason?.slice(0, 160) ?? "unknown reason");
}

const UNSUPPORTED = "Input buffer contains unsupported image format";
