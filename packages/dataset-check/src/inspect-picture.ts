import { readFile } from "node:fs/promises";
import {
  type Box,
  type DecodedPicture,
  type DatasetPicture,
  decodePicture,
  FULL_SIZE,
  hashPixels,
  type Picture,
  type PictureTrace,
  tracePicture,
  scaleBox,
} from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { embedCrop, LOOK_SIDE, proposeBoxes } from "@followspot/recognition";
import sharp from "sharp";
import { checkFile } from "./check-file.ts";
import { checkLook } from "./check-look.ts";
import type { Finding } from "./finding.ts";

/** What is kept of a picture after it was looked at: some ten kilobytes. */
export interface Inspected {
  readonly entry: DatasetPicture;
  /** SHA-256 of the upright, decoded pixels. */
  readonly pixels: string;
  readonly width: number;
  readonly height: number;
  readonly trace: PictureTrace;
  /** What the subject looks like, wherever it is in the picture. */
  readonly look: Float32Array;
  /** What it would look like in another crop of the same shot; only where that was asked for. */
  readonly shifted: Float32Array | undefined;
}

/** Where the subject is, in pixels of the picture that is looked at. */
export interface Subject {
  readonly label: string;
  readonly box: Box;
  /** Whether a person framed it, or our own proposal did. */
  readonly framed: boolean;
}

/** Decodes a picture to its last pixel, looks at it, and lets go of it again. */
export async function inspectPicture(
  entry: DatasetPicture,
  { shift }: { readonly shift: boolean },
): Promise<{ readonly inspected: Inspected | undefined; readonly findings: readonly Finding[] }> {
  let bytes: Buffer;
  let full: DecodedPicture;
  const findings: Finding[] = [];
  try {
    bytes = await readFile(entry.path).catch(unreadable);
    findings.push(...(await checkFile(entry, bytes)));
    full = await decodePicture(bytes, { maxSide: FULL_SIZE });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push({
      check: "decode",
      severity: "error",
      message: error.message,
      pictures: [entry.fileName],
      place: entry.place,
    });
    return { inspected: undefined, findings };
  }
  const pixels = hashPixels(full);
  const picture = await madeSmaller(full, LOOK_SIDE);
  const factor = picture.width / full.width;
  const subjects = subjectsOf(entry, picture, factor);
  findings.push(...checkLook(entry, { full, picture, factor, subjects }));
  const main = subjects.find(({ label }) => label === entry.label) ?? subjects[0];
  const inspected: Inspected = {
    entry,
    pixels,
    width: full.width,
    height: full.height,
    trace: tracePicture(picture),
    look: embedCrop(picture, main?.box),
    shifted: shift ? shiftedLook(picture, main) : undefined,
  };
  return { inspected, findings };
}

function unreadable(cause: NodeJS.ErrnoException): never {
  throw new UserError(`the file cannot be read (${cause.code}): look at its permissions`, { cause });
}

async function madeSmaller(picture: Picture, maxSide: number): Promise<Picture> {
  const { rgb, width, height } = picture;
  if (Math.max(width, height) <= maxSide) return picture;
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize({ width: maxSide, height: maxSide, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

/** Everybody whom a person framed; where nobody did, the best proposal. */
function subjectsOf(entry: DatasetPicture, picture: Picture, factor: number): Subject[] {
  const framed = (entry.objects ?? []).flatMap(({ label, box }) => {
    const inside = clip(scaleBox(box, factor), picture);
    return inside ? [{ label, box: inside, framed: true }] : [];
  });
  if (framed.length > 0) return framed;
  return proposeBoxes(picture, 1).map(({ box }) => ({ label: entry.label, box, framed: false }));
}

function clip({ left, top, width, height }: Box, picture: Picture): Box | undefined {
  const right = Math.min(picture.width, left + width);
  const bottom = Math.min(picture.height, top + height);
  const [from, above] = [Math.max(0, left), Math.max(0, top)];
  if (right - from < 1 || bottom - above < 1) return undefined;
  return { left: from, top: above, width: right - from, height: bottom - above };
}

/** How much of each side another crop leaves out. */
const CUT = 0.1;

/** The look again after the upper left of the picture was cut away: what must still count as alike. */
function shiftedLook(picture: Picture, subject: Subject | undefined): Float32Array {
  const left = Math.floor(picture.width * CUT);
  const top = Math.floor(picture.height * CUT);
  const width = picture.width - left;
  const height = picture.height - top;
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  const cut: Picture = { rgb, width, height };
  if (!subject?.framed) return embedCrop(cut, proposeBoxes(cut, 1)[0]?.box);
  const box = { ...subject.box, left: subject.box.left - left, top: subject.box.top - top };
  return embedCrop(cut, clip(box, cut));
}
