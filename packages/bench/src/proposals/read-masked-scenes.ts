import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Box, LabelledBox } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import sharp from "sharp";

/** A picture with the boxes of what was cut out of it by hand. */
export interface MaskedScene {
  readonly name: string;
  readonly bytes: Buffer;
  /** One a mask, labelled folder/mask, in pixels of a picture of the mask's size. */
  readonly objects: readonly LabelledBox[];
  readonly width: number;
  readonly height: number;
}

const MAX_SCENES = 1_000;
const MAX_MASKS = 64;
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PIXELS = 64 * 1024 * 1024;
const PICTURE = /^img\.(?:jpe?g|png|webp)$/i;
const MASK = /^mask.*\.png$/i;

/**
 * Reads DIR/NAME/img.jpg with DIR/NAME/mask*.png, where what belongs to the object is white, in the order of names.
 * @throws UserError where there is no such folder, or one that does not hold what it should.
 */
export async function readMaskedScenes(dir: string): Promise<MaskedScene[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new UserError(`${dir} cannot be read: give a folder with a folder for each scene`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length > MAX_SCENES) throw new UserError(`${dir} holds more than ${MAX_SCENES} folders`);
  const scenes: MaskedScene[] = [];
  for (const name of names.sort()) {
    const scene = await readScene(join(dir, name), name);
    if (scene) scenes.push(scene);
  }
  if (scenes.length === 0) {
    throw new UserError(`${dir} holds no folder with an img.jpg and its mask0.png, mask1.png, ...`);
  }
  return scenes;
}

async function readScene(dir: string, name: string): Promise<MaskedScene | undefined> {
  const files = (await readdir(dir)).sort();
  const picture = files.find((file) => PICTURE.test(file));
  const masks = files.filter((file) => MASK.test(file));
  if (!picture || masks.length === 0) return undefined;
  if (masks.length > MAX_MASKS) throw new UserError(`${dir} holds more than ${MAX_MASKS} masks`);
  const bytes = await readBounded(join(dir, picture));
  const { width, height } = await sizeOf(bytes, join(dir, picture));
  const objects: LabelledBox[] = [];
  for (const mask of masks) {
    const file = join(dir, mask);
    objects.push({
      label: `${name}/${mask.replace(/\.png$/i, "")}`,
      box: await boxOf(await readBounded(file), { file, width, height }),
    });
  }
  return { name, bytes, objects, width, height };
}

async function readBounded(file: string): Promise<Buffer> {
  if ((await stat(file)).size > MAX_BYTES) throw new UserError(`${file} has more than ${MAX_BYTES} bytes`);
  return await readFile(file);
}

async function sizeOf(bytes: Buffer, file: string): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(bytes, { limitInputPixels: MAX_PIXELS }).metadata();
    return autoOrient;
  } catch (cause) {
    throw new UserError(`${file} is no picture that can be decoded`, { cause });
  }
}

/** The smallest box round what is more white than black. @throws UserError where nothing is, or the size is another. */
async function boxOf(
  bytes: Buffer,
  { file, width, height }: { readonly file: string; readonly width: number; readonly height: number },
): Promise<Box> {
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
    .removeAlpha()
    .extractChannel(0)
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new UserError(`${file} is no picture that can be decoded`, { cause });
    });
  if (info.width !== width || info.height !== height) {
    throw new UserError(
      `${file} is ${info.width} x ${info.height} pixels, but its picture is ${width} x ${height}: make them the same`,
    );
  }
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if ((data[at] ?? 0) < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) throw new UserError(`${file} has no white pixel: it should be white where the object is`);
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
