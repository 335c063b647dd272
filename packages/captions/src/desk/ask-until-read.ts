import { setTimeout } from "node:timers/promises";
import { InferenceError } from "@followspot/triton";
import type { WritingModel, WritingQuestion } from "../models/writing-model.ts";

/** The first answer is the most probable one; asked again at 0 a model says the same again. */
const TEMPERATURES = [0, 0.4, 0.8] as const;
/** How often a server that stumbles is asked again for one answer. */
const MOST_STUMBLES = 3;
const PAUSE_MS = 250;
/** What a moment later may be over. A deadline that is missed is not: the picture's time is used up. */
const PASSING = new Set(["unavailable", "overloaded", "model-unavailable", "failed"]);

export interface AskUntilReadOptions<T> {
  readonly model: WritingModel;
  readonly question: Pick<WritingQuestion, "system" | "user" | "jpeg" | "schema" | "maxTokens">;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Undefined where the answer is none that can be used. */
  readonly read: (answer: string) => T | undefined;
  readonly onAnswer: (answer: { readonly read: boolean }) => void;
}

/** Asks until an answer can be read, three times at most. @throws InferenceError where none comes */
export async function askUntilRead<T>({
  model,
  question,
  signal,
  deadlineMs,
  read,
  onAnswer,
}: AskUntilReadOptions<T>): Promise<{ readonly read: T | undefined; readonly said: string }> {
  let said = "";
  for (const temperature of TEMPERATURES) {
    ({ text: said } = await withPatience(
      () => model.write({ ...question, temperature, signal, deadlineMs }),
      signal,
    ));
    const understood = read(said);
    onAnswer({ read: understood !== undefined });
    if (understood !== undefined) return { read: understood, said };
  }
  return { read: undefined, said };
}

async function withPatience<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let stumbles = 0; ; stumbles++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (stumbles >= MOST_STUMBLES || !PASSING.has(InferenceError.from(error).reason)) throw error;
      await setTimeout(PAUSE_MS * 2 ** stumbles, undefined, { signal });
    }
  }
}
