import type { Rung } from "@followspot/domain";
import type { ModelRung } from "./model-rung.ts";

export interface Standing {
  readonly rung: Rung;
  readonly sinceMs: number;
}

export interface StandingInput {
  /** The model rung that answers, or would; undefined where none is there. */
  readonly model: ModelRung | undefined;
  /** From the first frame that had no answer to the last one; undefined where the last one had. */
  readonly unansweredForMs: number | undefined;
  readonly atMs: number;
}

export interface StandingSettings {
  /** Frames go unanswered for so long before nobody counts as answering: one lost frame is no fall. */
  readonly holdAfterMs: number;
  /** From then on, before a person is told to run the cues; never where undefined. */
  readonly manualAfterMs: number | undefined;
}

/**
 * Which rung is in force. What a lower one than the models does is nothing: the state is held, and then a person acts.
 *
 *     a model --none is there, or frames go unanswered--> hold --for long--> manual
 *     hold, manual --a model answers--> that model
 */
export function nextStanding(
  standing: Standing,
  { model, unansweredForMs, atMs }: StandingInput,
  { holdAfterMs, manualAfterMs }: StandingSettings,
): Standing {
  const silent = unansweredForMs !== undefined && unansweredForMs >= holdAfterMs;
  if (model && !silent) return standing.rung === model ? standing : { rung: model, sinceMs: atMs };
  if (standing.rung === "manual") return standing;
  if (standing.rung !== "hold") return { rung: "hold", sinceMs: atMs };
  const long = manualAfterMs !== undefined && atMs - standing.sinceMs >= manualAfterMs;
  return long ? { rung: "manual", sinceMs: atMs } : standing;
}
