import { UserError } from "@followspot/domain";
import type { Contestant } from "./contestant.ts";
import { LearningUnderstudy } from "./learning-understudy.ts";
import { parseServedPlace } from "./served-place.ts";
import { openServedContestant } from "./served-recognizer.ts";
import { openCurrentUnderstudy, openUnderstudyFile } from "./stored-understudy.ts";

export interface OpenContestantOptions {
  readonly showDir: string;
  readonly labels: readonly string[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** How long a model server may take to be there. Default 10 s. */
  readonly readyWithinMs?: number;
}

/**
 * Opens what --recognizer names: `understudy` (trained anew for each fold), `current` (the show's model in force),
 * `understudy:FILE` (a model file), or `grpc://host:port/model`.
 * @throws UserError where there is no such recognizer
 */
export async function openContestant(name: string, options: OpenContestantOptions): Promise<Contestant> {
  const { showDir, labels, seed, ...patience } = options;
  if (name === "understudy") return new LearningUnderstudy({ name, seed, labels });
  if (name === "current") return await openCurrentUnderstudy(name, { showDir, labels });
  if (name.startsWith("understudy:")) {
    return await openUnderstudyFile(name, { file: name.slice("understudy:".length), labels });
  }
  const place = parseServedPlace(name);
  if (place) return await openServedContestant(name, place, { showDir, labels, ...patience });
  throw new UserError(
    `--recognizer: "${name}" is none of understudy, current, understudy:FILE.fsm, grpc://host:port/model, openai:http://host:port/model`,
  );
}
