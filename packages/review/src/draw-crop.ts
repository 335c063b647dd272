import { readFile } from "node:fs/promises";
import type { Box } from "@followspot/dataset";
import sharp from "sharp";
import { growBox, insideOf } from "./crop-picture.ts";

const SIDE = 560;
const ROOM = 1.2;

/** A part of a picture file, upright, at most 560 pixels a side, as a JPEG. @throws Error where it cannot be decoded. */
export async function drawCrop(path: string, box: Box | undefined): Promise<Uint8Array> {
  const upright = sharp(await readFile(path)).autoOrient();
  const { autoOrient } = await upright.metadata();
  const part = box && insideOf(autoOrient, growBox(box, ROOM));
  const cut = part && part.width > 0 && part.height > 0 ? upright.extract(part) : upright;
  return await cut.resize({ width: SIDE, height: SIDE, fit: "inside" }).jpeg({ quality: 88 }).toBuffer();
}
