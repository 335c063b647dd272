import { UserError } from "@followspot/domain";
import sharp, { type Metadata } from "sharp";
import { checkPictureBytes, checkPictureSize, MAX_PIXELS, undecodable } from "../picture.ts";
import { stripJpeg } from "./strip-jpeg.ts";
import { stripPng } from "./strip-png.ts";

/** A picture as a data set keeps it: a JPEG or PNG of 8 bits, upright, without EXIF, GPS and other remarks. */
export interface BakedPicture {
  readonly bytes: Uint8Array;
  readonly extension: "jpg" | "png";
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** How the file said that it wants to be turned, 1 to 8 as in EXIF; 1 means not at all. */
  readonly orientation: number;
  /** Type of the file that came in, as a file extension. */
  readonly originalExtension: string;
  /** What was done to it that one may want to know: half sentences. */
  readonly notes: readonly string[];
}

/**
 * Above any eye's threshold, and a fifth of a PNG of the same photograph. Better codes would make it a few percent
 * smaller, and need every coefficient in memory at once: of a photograph 70 MB, which then lie about in pieces.
 */
const JPEG = { quality: 95, chromaSubsampling: "4:4:4", optimiseCoding: false } as const;
/** What the decoder knows beyond these is no photograph (SVG, PDF). */
const ACCEPTED = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif"]);
const EXTENSIONS: Readonly<Record<string, string>> = { jpeg: "jpg", tiff: "tif", heif: "avif" };

/**
 * Decodes every pixel and gives the picture as a data set keeps it. Where only remarks have to go, the coded
 * pixels stay bit for bit; what is turned, CMYK, 16-bit or of another type is encoded anew.
 * @throws UserError one sentence, without the file's name.
 */
export async function bakePicture(bytes: Uint8Array): Promise<BakedPicture> {
  checkPictureBytes(bytes);
  try {
    const metadata = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    if (!ACCEPTED.has(metadata.format)) {
      throw new UserError(`the picture is of type ${metadata.format}: save it as JPEG or PNG and try again`);
    }
    checkPictureSize(metadata);
    const notes: string[] = [];
    const kept = keepCoded(bytes, metadata, notes);
    const encoded = kept ?? (await encodeAnew(bytes, metadata, notes));
    if (kept) await decodeEveryPixel(kept.bytes);
    return {
      ...encoded,
      width: metadata.autoOrient.width,
      height: metadata.autoOrient.height,
      orientation: metadata.orientation ?? 1,
      originalExtension: EXTENSIONS[metadata.format] ?? metadata.format,
      notes,
    };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw undecodable(cause);
  }
}

type Coded = Pick<BakedPicture, "bytes" | "extension">;

function keepCoded(bytes: Uint8Array, metadata: Metadata, notes: string[]): Coded | undefined {
  const { format, orientation = 1, space, depth } = metadata;
  if (orientation !== 1 || depth !== "uchar" || (space !== "srgb" && space !== "b-w")) return undefined;
  if (format === "jpeg") {
    const stripped = stripJpeg(bytes);
    return stripped && { bytes: stripped, extension: "jpg" };
  }
  if (format === "png") {
    const stripped = stripPng(bytes);
    if (stripped?.animated) notes.push("animated: the first picture was taken");
    return stripped && { bytes: stripped.bytes, extension: "png" };
  }
  return undefined;
}

/** Nothing is kept of the pixels, so that this costs time and hardly any memory. */
async function decodeEveryPixel(bytes: Uint8Array): Promise<void> {
  await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", sequentialRead: true })
    .resize(8, 8, { fit: "fill", fastShrinkOnLoad: true })
    .raw()
    .toBuffer();
}

async function encodeAnew(bytes: Uint8Array, metadata: Metadata, notes: string[]): Promise<Coded> {
  const { format, pages = 1, space, depth, orientation = 1, hasAlpha } = metadata;
  if (pages > 1) {
    notes.push(
      `${format === "tiff" ? "several pages" : "animated"}: the first of ${pages} pictures was taken`,
    );
  }
  if (space === "cmyk") notes.push("CMYK was converted to RGB");
  if (depth !== "uchar") notes.push("more than 8 bits a channel were reduced to 8");
  if (orientation !== 1) notes.push("was turned upright");
  const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: "error", sequentialRead: true })
    .autoOrient()
    .toColourspace("srgb");
  // What came without loss, or is see-through, goes on without loss.
  const lossless = hasAlpha || format === "png" || format === "gif" || format === "tiff";
  return lossless
    ? { bytes: await picture.png().toBuffer(), extension: "png" }
    : { bytes: await picture.jpeg(JPEG).toBuffer(), extension: "jpg" };
}
