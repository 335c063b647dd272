import type { CastMember } from "@followspot/domain";
import { UNKNOWN_LABEL } from "@followspot/domain";
import { NOBODY } from "./keep/kept-frame.ts";
import type { Question } from "./question.ts";

/** What the page needs to ask a question. */
export interface QuestionView {
  readonly id: string;
  readonly guess: string;
  readonly guessName: string;
  readonly confidence: number;
  readonly why: string;
  readonly day: string;
  readonly camera: string;
  readonly capturedAtMs: number;
  readonly model: string;
  readonly frameUrl: string;
  readonly cropUrl: string;
  readonly width: number;
  readonly height: number;
  readonly box: Question["box"] | null;
  /** Whom the number keys stand for: the cast in the order of show.yaml, the same for every question. */
  readonly choices: readonly { readonly label: string; readonly name: string }[];
  readonly lookalikes: readonly {
    readonly name: string;
    readonly scene: string;
    readonly likeness: number;
    readonly url: string;
  }[];
}

const WHY = {
  flip: "the answer changed back and forth",
  "near-threshold": "the recognizer was not sure",
  unknown: "somebody who is nobody of the cast stayed in the picture",
  random: "chosen by chance",
} as const;

export function describeQuestion(
  { frame, box, lookalikes }: Question,
  cast: readonly CastMember[],
): QuestionView {
  // Not the most probable first: a hand learns that 3 is the fox, and must not have to look each time.
  const choices = cast.map(({ id, name }) => ({ label: id, name }));
  return {
    id: frame.id,
    guess: frame.guess,
    guessName: nameOf(frame.guess, cast),
    confidence: frame.confidence,
    why: WHY[frame.reason],
    day: frame.day,
    camera: frame.camera,
    capturedAtMs: frame.capturedAtMs,
    model: frame.recognizer.version,
    frameUrl: `/frames/${frame.id}.jpg`,
    cropUrl: `/crops/${frame.id}.jpg`,
    width: frame.width,
    height: frame.height,
    box: box ?? null,
    choices,
    lookalikes: lookalikes.map(({ subject, index, likeness }) => ({
      name: nameOf(subject.label, cast),
      scene: subject.scene ?? "",
      likeness,
      url: `/album/${index}.jpg`,
    })),
  };
}

function nameOf(label: string, cast: readonly CastMember[]): string {
  if (label === NOBODY) return "nobody";
  if (label === UNKNOWN_LABEL) return "nobody of the cast";
  return cast.find(({ id }) => id === label)?.name ?? label;
}
