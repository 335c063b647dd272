import type { Logger } from "@followspot/runtime";
import type { OpenAiServer } from "@followspot/openai-server";
import type { RecognizerConfig, Show } from "@followspot/show";
import type { CallOptions, ModelReport, Recognition, TritonClient } from "@followspot/triton";
import type { Asked } from "./asking/asker.ts";
import type { Proposer } from "./asking/propose.ts";
import type { Calibration } from "./calibration/calibration-file.ts";
import type { Reading } from "./reading/reading.ts";

/** What of the show's recognizer says how a model is asked. */
export type AskingConfig = Pick<RecognizerConfig, "model" | "family" | "ask" | "maxPixels" | "adapter">;

/** How an answer was understood, or that it was not. */
export type ReadingOrNot = Reading | "unreadable";

export interface VisionRecognizerOptions {
  /** A Triton server, or one with OpenAI's API, as llama.cpp's: of that one the model is asked in words. */
  readonly client: TritonClient | OpenAiServer;
  readonly show: Show;
  /** Instead of what show.yaml says. */
  readonly recognizer?: Partial<AskingConfig>;
  /** Proposes candidates where the way to ask is `verify`. */
  readonly understudy?: Proposer | undefined;
  /** How many pictures of the cast `verify` shows the model on a stock server, at most 16 (the default); 0 for none. */
  readonly references?: number;
  /** The one to use instead of the newest of the show's that fits; null for none at all. */
  readonly calibration?: Calibration | null | undefined;
  /** When the show was started: calibrations that were written later wait for its next start. Left out: all count. */
  readonly startedAtMs?: number | undefined;
  readonly log?: Logger | undefined;
  /** Told of every change between waiting, ready and unusable. */
  readonly onReport?: ((report: ModelReport) => void) | undefined;
  /** Told how each answer was understood. */
  readonly onReading?: ((reading: ReadingOrNot) => void) | undefined;
}

export interface VisionQuestion extends CallOptions {
  readonly jpeg: Uint8Array;
  /** The closed set; the whole cast where left out. */
  readonly labels?: readonly string[] | undefined;
  /** The scene that is played, by id: the model is told. */
  readonly scene?: string | undefined;
  /** Whether boxes are wanted of a model that has to write them; a `scores` model gives those that it has. */
  readonly boxes?: boolean | undefined;
  /** What the understudy says of this very picture, where it was asked already. */
  readonly proposal?: Asked["proposal"];
}

export interface VisionRecognition extends Recognition {
  readonly reading: Reading;
  /** Labels that the model put an order to, all but in a list: those who were not named have none among themselves. */
  readonly ranked: readonly string[];
  /**
   * Labels, and `unknown`, that the model itself has judged and whose scores are for a calibration of ours to make; of
   * the others somebody else's calibrated word was kept.
   */
  readonly judged: readonly string[];
  /** Version of the understudy whose word this answer depends on. */
  readonly proposedBy: string | undefined;
  /** Of what the model was told and asked: an answer to another version than the present one is out of date. */
  readonly promptVersion: string;
  readonly scene: string | undefined;
}
