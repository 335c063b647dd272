import type { Box } from "@followspot/dataset";
import type { WayToAsk } from "@followspot/show";
import type { Reading } from "@followspot/vision-language";
import type { ServerCard } from "./server-card.ts";
import type { ExamFold, ExamItem, Patience } from "../exam/exam.ts";

export interface LabelAnswer {
  readonly label: string;
  /** Calibrated probability that it is in the picture, 0 to 1. */
  readonly score: number;
  /** The evidence before calibration. */
  readonly raw: number;
  /** Pixels of the picture that was shown; undefined where none was given. */
  readonly box: Box | undefined;
}

/** What a recognizer says of one picture. */
export interface Answer {
  /** Most probable first; empty where the answer could not be read. */
  readonly labels: readonly LabelAnswer[];
  /** Probability that somebody is in it who is nobody of the cast. */
  readonly unknown: number;
  /** Why the answer could not be read; undefined where it could. Counts as wrong. */
  readonly unparseable: string | undefined;
  /** How it was understood, where there was something to understand. */
  readonly reading?: Reading;
}

/** What is known of a recognizer; undefined is "nobody says". */
export interface ContestantCard {
  /** As it was asked for on the command line. */
  readonly name: string;
  readonly kind: "understudy" | "served";
  /** Whether it learns in each fold, or was trained before. */
  readonly learns: boolean;
  readonly version: string | undefined;
  /** Subjects that it was trained on before; undefined where it learns in each fold. */
  readonly labels: readonly string[] | undefined;
  /** Of the model that would be put in force. */
  readonly modelBytes: number | undefined;
  readonly contract: string | undefined;
  /** How a vision-language model was asked; undefined for the others. */
  readonly ask?: WayToAsk | undefined;
  /** Who has calibrated its scores, and on which data set where that is known; undefined where nobody has. */
  readonly calibrated?: { readonly by: "server" | "show"; readonly dataset: string | undefined } | undefined;
  /** What its server says of itself. */
  readonly server?: ServerCard | undefined;
  /** What is known of the model by its name: the id of its sheet. */
  readonly sheet?: string | undefined;
}

/** A recognizer that is put to the test. */
export interface Contestant {
  readonly card: ContestantCard;
  /** Answers about what each fold asks, fold by fold; whoever learns does so from the fold's training pictures. */
  answer<Item extends ExamItem>(
    folds: readonly ExamFold<Item>[],
    patience?: Patience,
  ): Promise<ReadonlyMap<Item, Answer>>;
  /** Milliseconds from decoded pixels (of a served one: from the JPEG that is sent) to the answer, one a look. */
  time(
    looks: readonly ExamItem[],
    training: readonly ExamItem[],
    patience?: Patience,
  ): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Most probable first, the same on every machine. */
export function sortLabels(labels: readonly LabelAnswer[]): LabelAnswer[] {
  return labels.toSorted((a, b) => b.score - a.score || b.raw - a.raw || (a.label < b.label ? -1 : 1));
}
