import { readFile } from "node:fs/promises";
import { type Box, decodePicture, FULL_SIZE } from "@followspot/dataset";
import { UNKNOWN_LABEL } from "@followspot/domain";
import { embedCrop, proposeBoxes } from "@followspot/recognition";
import { isCastGuess, NOBODY } from "./keep/kept-frame.ts";
import type { ReviewFrame } from "./read-kept.ts";
import type { Lookalike, TrainingAlbum } from "./training-album.ts";
import { worthOf } from "./worth.ts";

/** A kept frame, ready to be asked about. */
export interface Question {
  readonly frame: ReviewFrame;
  /** What the question is about, in pixels of the frame; undefined: the whole frame. */
  readonly box: Box | undefined;
  /** Whether the place comes from the recognizer, and not from a search for something that may be somebody. */
  readonly framed: boolean;
  readonly lookalikes: readonly Lookalike[];
  readonly worth: number;
}

/** From which score on a label's box is somebody, and not what the question is about. */
const BELIEVED = 0.5;
const NEAREST = 2;
const PROPOSALS = 10;
/** Share of a proposal that may be covered by somebody who was recognized. */
const MOST_COVERED = 0.4;

/** @throws UserError where the frame cannot be decoded. */
export async function askAbout(frame: ReviewFrame, album: TrainingAlbum): Promise<Question> {
  const picture = await decodePicture(await readFile(frame.path), { maxSide: FULL_SIZE });
  const proposed = frame.box || frame.guess === NOBODY ? undefined : placeOfUnframed(frame, picture);
  const box = frame.box ?? proposed;
  const lookalikes = album.nearest(embedCrop(picture, box), NEAREST);
  const worth = worthOf({
    reason: frame.reason,
    confidence: frame.confidence,
    likeness: lookalikes[0]?.likeness ?? 0,
    pictures: album.picturesOf(isCastGuess(frame.guess) ? frame.guess : UNKNOWN_LABEL),
  });
  return { frame, box, framed: frame.box !== undefined, lookalikes, worth };
}

/** What may be somebody, where nobody who was recognized stands. */
function placeOfUnframed(frame: ReviewFrame, picture: Parameters<typeof proposeBoxes>[0]): Box | undefined {
  const known = frame.labels.flatMap(({ label, score, box }) =>
    box && score >= BELIEVED && label !== frame.guess ? [box] : [],
  );
  return proposeBoxes(picture, PROPOSALS).find(({ box }) =>
    known.every((other) => sharedArea(box, other) < MOST_COVERED * box.width * box.height),
  )?.box;
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
