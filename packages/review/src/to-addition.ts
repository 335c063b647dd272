import { readFile } from "node:fs/promises";
import {
  type Box,
  decodePicture,
  FULL_SIZE,
  type LabelledBox,
  type Picture,
  type PictureAddition,
} from "@followspot/dataset";
import { type CastMember, UNKNOWN_LABEL } from "@followspot/domain";
import sharp from "sharp";
import type { GivenAnswer } from "./answer-journal.ts";
import { cropPicture, growBox, insideOf } from "./crop-picture.ts";
import type { Question } from "./question.ts";
import type { TrainingAlbum } from "./training-album.ts";

/** Why an answer adds no picture to the data set. */
export type RefusedAnswer =
  | "unusable"
  | "too-small"
  | "no-place"
  | "not-in-the-cast"
  | "golden-twin"
  | "golden-scene";

export type ReviewedPicture =
  | {
      readonly addition: PictureAddition;
      /** The crop, for a preview of what it would teach. */
      readonly picture: Picture;
      readonly objects: readonly LabelledBox[];
    }
  | { readonly refused: RefusedAnswer };

/** Room around the subject: the understudy learns from what is outside the box, too. */
const ROOM = 1.5;
/** Pixels of the subject's shorter side; below, a poor picture does more harm than good. */
const LEAST_SIDE = 32;
const JPEG_QUALITY = 95;

export interface ToAdditionOptions {
  readonly cast: readonly CastMember[];
  readonly album: TrainingAlbum;
}

/** The picture that an answer makes of a question: the crop with its box, and where it comes from. */
export async function toAddition(
  { frame, box }: Question,
  { answer, who, at }: GivenAnswer,
  { cast, album }: ToAdditionOptions,
): Promise<ReviewedPicture> {
  if (answer.kind === "unusable") return { refused: "unusable" };
  const member = answer.kind === "cast" ? cast.find(({ id }) => id === answer.label) : undefined;
  if (answer.kind === "cast" && !member) return { refused: "not-in-the-cast" };
  // A puppet without a place would teach that the scenery is the puppet.
  if (!box && answer.kind !== "nobody") return { refused: "no-place" };
  const scene = sceneOf(frame.day);
  if (album.goldenScenes.has(scene)) return { refused: "golden-scene" };
  const whole = await decodePicture(await readFile(frame.path), { maxSide: FULL_SIZE });
  const subject = box && insideOf(whole, box);
  if (subject && Math.min(subject.width, subject.height) < LEAST_SIDE) return { refused: "too-small" };
  const area = subject ? insideOf(whole, growBox(subject, ROOM)) : undefined;
  const picture = cropPicture(whole, area);
  const tight = cropPicture(whole, subject);
  if ([picture, tight, whole].some((one) => album.goldenTwin(one) !== undefined))
    return { refused: "golden-twin" };
  const label = member?.id ?? UNKNOWN_LABEL;
  const objects = objectsOf(answer.kind, label, subject, area);
  return {
    picture,
    objects,
    addition: {
      bytes: await encode(picture),
      suggestedName: `${scene}/${label}-${frame.id}`,
      kind: member?.kind ?? "unknown",
      label,
      scene,
      objects,
      extra: {
        source: "review",
        show: frame.show,
        camera: frame.camera,
        captured_at: new Date(frame.capturedAtMs).toISOString(),
        model_version: frame.recognizer.version,
        guess: frame.guess,
        answered_by: who,
        answered_at: at,
        review_id: frame.id,
      },
    },
  };
}

/** A whole show is one unit: its pictures never lie on both sides of a split. */
export function sceneOf(day: string): string {
  return `show-${day}`;
}

function objectsOf(
  kind: GivenAnswer["answer"]["kind"],
  label: string,
  subject: Box | undefined,
  area: Box | undefined,
): LabelledBox[] {
  if (kind === "nobody" || !subject) return [];
  const { left, top } = area ?? { left: 0, top: 0 };
  return [{ label, box: { ...subject, left: subject.left - left, top: subject.top - top } }];
}

async function encode({ rgb, width, height }: Picture): Promise<Uint8Array> {
  return await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
}
