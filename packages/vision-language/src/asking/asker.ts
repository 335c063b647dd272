import type { PixelBox } from "@followspot/triton";
import type { FittedPicture } from "../pictures/fit-picture.ts";
import type { SystemPrompt } from "../prompt/prompt-book.ts";
import type { Reading } from "../reading/reading.ts";
import type { Proposal } from "./propose.ts";

export interface Asked {
  readonly picture: FittedPicture;
  /** The closed set, cast ids. */
  readonly labels: readonly string[];
  readonly prompt: SystemPrompt;
  /** Whether boxes are wanted, which costs time where they have to be written. */
  readonly boxes: boolean;
  /** What the understudy says of the same picture, where somebody has asked it already. */
  readonly proposal?: Proposal | undefined;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

/** What was said of one label. */
export interface Said {
  readonly label: string;
  /** Log-odds before calibration. */
  readonly raw: number;
  /** A calibrated probability, where whoever said it has calibrated it himself. */
  readonly score?: number | undefined;
  /** Pixels of the picture that was asked about. */
  readonly box?: PixelBox | undefined;
}

/** What was said of a picture: something of every label that was asked for. */
export interface Told {
  readonly labels: readonly Said[];
  /** Of somebody who is not in the cast. */
  readonly unknown: Omit<Said, "label">;
  readonly reading: Reading;
  /** Labels that the model has an order for; the others it only did not name. */
  readonly ranked: readonly string[];
  /** Time inside the model server, where it says so. */
  readonly modelMs?: number | undefined;
  /** Version of the understudy whose word this answer depends on. */
  readonly proposedBy?: string | undefined;
  /** Version and accuracy of the model that gave this very answer, where it says so. */
  readonly model?: { readonly version: string; readonly accuracy: number } | undefined;
}

/** One way to ask one kind of server. */
export interface Asker {
  /** Of what it shows or says besides the prompt, where that can change. */
  readonly version?: string | undefined;
  /** Version of the understudy whose word the answers depend on, as far as it is known now. */
  readonly proposedBy?: string | undefined;
  /** @throws InferenceError; malformed-answer for what cannot be read */
  ask(question: Asked): Promise<Told>;
}
