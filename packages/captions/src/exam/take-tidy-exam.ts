import { InferenceError } from "@followspot/triton";
import type { WritingModel } from "../models/writing-model.ts";
import { TIDY_TOKENS, tidyQuestion, tidySchema, tidySystem } from "../prompts/tidy.ts";
import { EXAM_SHOW } from "./exam-show.ts";
import { scoreTidying, TIDY_CRITERIA, type TidyCriterion, type TidyScore } from "./score-tidying.ts";
import { TIDY_TASKS } from "./tidy-tasks.ts";

export interface TidyExamResult {
  /** The model as it names itself. */
  readonly model: string;
  readonly version: string | undefined;
  readonly constrained: boolean;
  readonly tasks: readonly {
    readonly id: string;
    readonly answer: string;
    readonly score: TidyScore;
    readonly ms: number;
    /** Why there is no answer; undefined where there is one. */
    readonly failed: string | undefined;
  }[];
  /** Means over the tasks, 0 to 1. */
  readonly score: TidyScore;
  /** Of the tasks that were answered. */
  readonly ms: { readonly p50: number; readonly max: number };
  /** Over the tasks that were answered; undefined where the server does not count its tokens. */
  readonly tokensPerSecond: number | undefined;
}

export interface TidyExamOptions {
  readonly model: WritingModel;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
  readonly onProgress?: (share: number) => void;
}

const DEADLINE_MS = 60_000;

/**
 * Asks a text model to tidy the captions of the exam, each once, in the words and with the constraint of real drafts. An
 * answer that does not come counts as one that cannot be read.
 */
export async function takeTidyExam({
  model,
  signal,
  deadlineMs = DEADLINE_MS,
  onProgress = () => {},
}: TidyExamOptions): Promise<TidyExamResult> {
  const system = tidySystem(EXAM_SHOW);
  const counted: { readonly tokens: number; readonly ms: number }[] = [];
  const tasks: TidyExamResult["tasks"][number][] = [];
  for (const task of TIDY_TASKS) {
    signal.throwIfAborted();
    const here = EXAM_SHOW.cast.filter(({ id }) => task.here.includes(id));
    const startedMs = performance.now();
    let answer = "";
    let tokens: number | undefined;
    let failed: string | undefined;
    try {
      ({ text: answer, outputTokens: tokens } = await model.write({
        system,
        user: tidyQuestion(task.caption, here),
        schema: tidySchema(EXAM_SHOW.cast),
        maxTokens: TIDY_TOKENS,
        temperature: 0,
        signal,
        deadlineMs,
      }));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof InferenceError)) throw error;
      failed = error.message;
    }
    const ms = performance.now() - startedMs;
    tasks.push({ id: task.id, answer, score: scoreTidying(task, answer), ms, failed });
    if (tokens !== undefined) counted.push({ tokens, ms });
    onProgress(tasks.length / TIDY_TASKS.length);
  }
  const times = tasks
    .filter(({ failed }) => failed === undefined)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return {
    model: model.name,
    version: model.version,
    constrained: model.constrained,
    tasks,
    score: meanOf(tasks.map(({ score }) => score)),
    ms: { p50: times[Math.floor(times.length / 2)] ?? 0, max: times.at(-1) ?? 0 },
    tokensPerSecond: counted.length > 0 ? (sum(counted, "tokens") / sum(counted, "ms")) * 1_000 : undefined,
  };
}

function sum<K extends string>(rows: readonly Readonly<Record<K, number>>[], key: K): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function meanOf(scores: readonly TidyScore[]): TidyScore {
  const mean = (criterion: TidyCriterion): number =>
    scores.reduce((sum, score) => sum + score[criterion], 0) / Math.max(1, scores.length);
  return Object.fromEntries(
    TIDY_CRITERIA.map((criterion) => [criterion, mean(criterion)]),
  ) as unknown as TidyScore;
}
