import { UserError } from "@followspot/domain";
import sharp from "sharp";

/** Upright pixels, 8 bits a channel: red, green, blue of the first, then of the next in the row. */
export interface RawPicture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** In pixels of the upright picture. */
export interface PictureBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ThumbnailOptions {
  /** Longest side in pixels, 16 to 160. Default 160. */
  readonly side?: number;
  /** What to frame. */
  readonly box?: PictureBox | undefined;
  /** What to cut out; the whole picture where left out. */
  readonly crop?: PictureBox | undefined;
}

const MAX_SIDE = 160;
const MIN_SIDE = 16;
const MAX_PIXELS = 128 * 1024 * 1024;
const JPEG_QUALITY = 72;

/**
 * A small JPEG without any metadata, as a data URI for `<img src>`.
 * @param picture the bytes of a picture file, or pixels
 * @throws UserError where the bytes cannot be decoded
 */
export async function thumbnail(
  picture: Uint8Array | RawPicture,
  { side = MAX_SIDE, box, crop }: ThumbnailOptions = {},
): Promise<string> {
  const longest = Math.round(Math.min(MAX_SIDE, Math.max(MIN_SIDE, side)));
  try {
    const upright = await decode(picture, { exact: crop !== undefined, longest });
    const seen = crop ? clip(crop, upright) : { left: 0, top: 0, ...sizeOf(upright) };
    const factor = Math.min(1, longest / Math.max(seen.width, seen.height));
    const width = Math.max(1, Math.round(seen.width * factor));
    const height = Math.max(1, Math.round(seen.height * factor));
    let image = sharp(upright.pixels, {
      raw: { width: upright.width, height: upright.height, channels: 3 },
      limitInputPixels: MAX_PIXELS,
    });
    if (crop) image = image.extract(seen);
    image = image.resize({ width, height, fit: "fill" });
    if (box) {
      const scale = (width / seen.width) * upright.scale;
      const offset = { left: seen.left / upright.scale, top: seen.top / upright.scale };
      image = image.composite([{ input: frame(box, offset, { scale, width, height }), left: 0, top: 0 }]);
    }
    const jpeg = await image.jpeg({ quality: JPEG_QUALITY, mozjpeg: false }).toBuffer();
    return `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split("\n").at(-1) : String(cause);
    throw new UserError(`the picture cannot be shown small (${reason?.slice(0, 160)})`, { cause });
  }
}

interface Upright {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** These pixels for one of the picture that was given: below 1 where it was made smaller while it was decoded. */
  readonly scale: number;
}

async function decode(
  picture: Uint8Array | RawPicture,
  { exact, longest }: { readonly exact: boolean; readonly longest: number },
): Promise<Upright> {
  if (!(picture instanceof Uint8Array)) {
    return { pixels: picture.rgb, width: picture.width, height: picture.height, scale: 1 };
  }
  const image = sharp(picture, { limitInputPixels: MAX_PIXELS, failOn: "none" });
  const { autoOrient } = await image.metadata();
  // A cut-out needs all the pixels that there are; the whole is several times faster small.
  const small = exact
    ? image
    : image.resize({ width: longest, height: longest, fit: "inside", withoutEnlargement: true });
  const { data, info } = await small
    .autoOrient()
    .flatten({ background: { r: 128, g: 128, b: 128 } })
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const pixels = info.channels === 3 ? data : spread(data, info.channels);
  return { pixels, width: info.width, height: info.height, scale: info.width / autoOrient.width };
}

/** Grey to red, green, blue. */
function spread(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3);
  for (let pixel = 0; pixel * channels < data.length; pixel++) {
    rgb.fill(data[pixel * channels] ?? 0, pixel * 3, pixel * 3 + 3);
  }
  return rgb;
}

function sizeOf({ width, height }: Upright): { readonly width: number; readonly height: number } {
  return { width, height };
}

/** Whole pixels inside the picture, at least one. */
function clip(box: PictureBox, { width, height, scale }: Upright): PictureBox {
  const left = Math.min(width - 1, Math.max(0, Math.floor(box.left * scale)));
  const top = Math.min(height - 1, Math.max(0, Math.floor(box.top * scale)));
  const right = Math.min(width, Math.max(left + 1, Math.ceil((box.left + box.width) * scale)));
  const bottom = Math.min(height, Math.max(top + 1, Math.ceil((box.top + box.height) * scale)));
  return { left, top, width: right - left, height: bottom - top };
}

/** The outline of a box, dark under light, so that it is seen on any ground. */
function frame(
  box: PictureBox,
  offset: { readonly left: number; readonly top: number },
  { scale, width, height }: { readonly scale: number; readonly width: number; readonly height: number },
): Buffer {
  const [x, y, wide, tall] = [
    (box.left - offset.left) * scale,
    (box.top - offset.top) * scale,
    box.width * scale,
    box.height * scale,
  ].map((value) => value.toFixed(1));
  const outline = (colour: string, stroke: number) =>
    `<rect x="${x}" y="${y}" width="${wide}" height="${tall}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${outline("#000", 3)}${outline("#ffd24a", 1.5)}</svg>`,
  );
}
