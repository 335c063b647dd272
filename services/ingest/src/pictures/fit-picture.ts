import sharp from "sharp";
import { decodeProblem } from "./decode-problem.ts";
import type { InspectedPicture } from "./inspect-picture.ts";

/** A JPEG of the recognizer's size. */
export interface FittedPicture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** More for so few pixels is waste on every hop: such a picture is written anew. */
const MAX_PASS_BYTES = 512 * 1_024;
const JPEG_QUALITY = 85;
const DECODE_DEADLINE_S = 5;

/**
 * A picture as the recognizer wants it: upright JPEG, longest side at most `longestSide` pixels. One that is so already
 * passes untouched: writing it anew would cost time and quality. @throws PictureRefused
 */
export async function fitPicture(
  bytes: Uint8Array,
  picture: InspectedPicture,
  { longestSide, maxPixels }: { readonly longestSide: number; readonly maxPixels: number },
): Promise<FittedPicture> {
  const { width, height } = picture;
  const fits = Math.max(width, height) <= longestSide && picture.orientation === 1;
  if (picture.plainJpeg && fits && bytes.length <= MAX_PASS_BYTES) return { jpeg: bytes, width, height };
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: "truncated" })
      .timeout({ seconds: DECODE_DEADLINE_S })
      .autoOrient()
      .resize(longestSide, longestSide, { fit: "inside", withoutEnlargement: true })
      .flatten({ background: "black" })
      .toColourspace("srgb")
      .jpeg({ quality: JPEG_QUALITY, optimiseCoding: false })
      .toBuffer({ resolveWithObject: true });
    return { jpeg: data, width: info.width, height: info.height };
  } catch (error) {
    throw decodeProblem(error);
  }
}
