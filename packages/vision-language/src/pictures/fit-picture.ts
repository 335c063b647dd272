import { type PictureSize, smartResize } from "@followspot/dataset";
import { InferenceError } from "@followspot/triton";
import sharp from "sharp";
import type { FamilyProfile } from "../family.ts";

/** A picture as it is sent, and the one that it was made from. */
export interface FittedPicture {
  readonly jpeg: Uint8Array;
  /** As sent: the size in which the model looks at it. */
  readonly size: PictureSize;
  readonly original: PictureSize;
}

export interface FitOptions {
  readonly profile: FamilyProfile;
  /** The most pixels that the show grants; the family's own limit where that is less. */
  readonly maxPixels: number;
}

/** A picture for a model that takes any size: it is sent as it came, and not even looked into. */
export function asItIs(jpeg: Uint8Array): FittedPicture {
  const unknown = { width: 1, height: 1 };
  return { jpeg, size: unknown, original: unknown };
}

const JPEG_QUALITY = 92;
/** A camera's picture has a few million; a bomb has more. */
const MOST_PIXELS = 50_000_000;

/**
 * Cuts a picture to the very size in which the model will look at it: less to send, to decode and to hash, and the
 * server's own resize has nothing left to do.
 * @throws InferenceError rejected for what is no picture, or one that no model takes
 */
export async function fitPicture(
  jpeg: Uint8Array,
  { profile, maxPixels }: FitOptions,
): Promise<FittedPicture> {
  try {
    const picture = sharp(jpeg, { limitInputPixels: MOST_PIXELS, failOn: "error" }).autoOrient();
    const { format, autoOrient: original, orientation = 1 } = await picture.metadata();
    const size = smartResize(original, { ...profile, maxPixels: Math.min(maxPixels, profile.maxPixels) });
    const fits = size.width === original.width && size.height === original.height;
    if (fits && format === "jpeg" && orientation === 1) return { jpeg, size, original };
    const fitted = await picture
      .resize({ ...size, fit: "fill", kernel: "cubic" })
      .removeAlpha()
      .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
      .toBuffer();
    return { jpeg: fitted, size, original };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InferenceError("rejected", `the picture cannot be shown to the model: ${why}`, { cause });
  }
}
