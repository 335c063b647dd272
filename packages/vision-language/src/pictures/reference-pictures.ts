import { createHash } from "node:crypto";
import { type DatasetPicture, decodeDatasetPicture, readDataset, smartResize } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import type { FamilyProfile } from "../family.ts";

/** What a member of the cast looks like, for a model to compare with. */
export interface ReferencePicture {
  readonly label: string;
  readonly jpeg: Uint8Array;
}

export interface ReferenceOptions {
  readonly datasetDir: string;
  /** Whom to show, in this order. */
  readonly labels: readonly string[];
  readonly profile: FamilyProfile;
  /** The most pictures, one a label. Default 16. */
  readonly most?: number;
}

export const MOST_REFERENCES = 16;
/** 49 tokens each for Qwen2-VL: enough for colours and shape. */
const REFERENCE_PIXELS = 196 * 196;
const JPEG_QUALITY = 90;
/** Of the box, on each side: what a puppet holds belongs to it. */
const MARGIN = 0.1;

/**
 * One picture of each label from the show's data set, cut to the subject and small. They are read once and are the
 * same bytes for every question, so that the server computes them once. Pictures for testing are never among them.
 * @throws UserError where the data set cannot be read, or shows none of the labels
 */
export async function readReferences({
  datasetDir,
  labels,
  profile,
  most = MOST_REFERENCES,
}: ReferenceOptions): Promise<readonly ReferencePicture[]> {
  const { pictures } = await readDataset(datasetDir);
  const references: ReferencePicture[] = [];
  for (const label of labels) {
    if (references.length >= most) break;
    const shown = pictureOf(label, pictures);
    if (shown) references.push({ label, jpeg: await cut(shown, label, profile) });
  }
  if (references.length > 0) return references;
  throw new UserError(
    `${datasetDir} has no picture for learning of ${labels.slice(0, 3).join(", ")}: there is nothing to compare with, ask by score or list`,
  );
}

/** Of the pictures and of whom they show: other pictures are another recognizer. */
export function referencesVersion(references: readonly ReferencePicture[]): string {
  const hash = createHash("sha256");
  for (const { label, jpeg } of references) hash.update(`${label}:${jpeg.length}:`).update(jpeg);
  return hash.digest("hex").slice(0, 8);
}

/** A framed one before one that is not, and the first of those: always the same. */
function pictureOf(label: string, pictures: readonly DatasetPicture[]): DatasetPicture | undefined {
  const own = pictures.filter(
    (picture) => picture.label === label && picture.split !== "test" && picture.split !== "golden",
  );
  return own.find(({ objects }) => objects?.some((object) => object.label === label)) ?? own[0];
}

async function cut(picture: DatasetPicture, label: string, profile: FamilyProfile): Promise<Uint8Array> {
  const { rgb, width, height, sourceWidth } = await decodeDatasetPicture(picture, { maxSide: 1_024 });
  const factor = width / sourceWidth;
  const box = picture.objects?.find((object) => object.label === label)?.box;
  const inside = box
    ? {
        left: Math.max(0, Math.floor((box.left - box.width * MARGIN) * factor)),
        top: Math.max(0, Math.floor((box.top - box.height * MARGIN) * factor)),
        right: Math.min(width, Math.ceil((box.left + box.width * (1 + MARGIN)) * factor)),
        bottom: Math.min(height, Math.ceil((box.top + box.height * (1 + MARGIN)) * factor)),
      }
    : { left: 0, top: 0, right: width, bottom: height };
  const part = {
    left: inside.left,
    top: inside.top,
    width: inside.right - inside.left,
    height: inside.bottom - inside.top,
  };
  const size = smartResize(part, { ...profile, maxPixels: Math.max(REFERENCE_PIXELS, profile.minPixels) });
  return await sharp(rgb, { raw: { width, height, channels: 3 } })
    .extract(part)
    .resize({ ...size, fit: "fill", kernel: "cubic" })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
}
