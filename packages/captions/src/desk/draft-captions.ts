import { join } from "node:path";
import type { ModelFamily } from "@followspot/show";
import { InferenceError } from "@followspot/triton";
import { FAMILIES } from "@followspot/vision-language";
import { needsConfirmation } from "../checks/check-caption.ts";
import type { Reading } from "../reading/read-object.ts";
import type { CaptionPicture, CaptionRoom } from "./caption-room.ts";
import { type DraftLine, DraftLine as DraftLineSchema, type Failure, isDraft } from "./draft.ts";
import { draftPicture, type DraftPictureOptions } from "./draft-picture.ts";
import { HistoryLine } from "./decision.ts";
import { JsonLines } from "./json-lines.ts";

/** Which pictures a draft is wanted of: those without a caption, those with one, or both. */
export const WANTED = ["missing", "given", "all"] as const;
export type Wanted = (typeof WANTED)[number];

export interface DraftCaptionsOptions
  extends Omit<DraftPictureOptions, "onAnswer" | "now" | "vocabulary" | "profile"> {
  readonly datasetDir: string;
  readonly room: CaptionRoom;
  /** Of the model that looks. */
  readonly family: ModelFamily;
  readonly wanted: Wanted;
  /** Pictures of which no draft came the last time are asked about again. */
  readonly retry: boolean;
  /** At most so many pictures in this run. */
  readonly limit?: number | undefined;
  /** Pictures in work at once. */
  readonly parallel: number;
  readonly onProgress: (progress: DraftProgress) => void;
  readonly now?: () => Date;
}

export interface DraftProgress {
  readonly done: number;
  readonly total: number;
  readonly drafted: number;
  readonly failed: number;
}

export interface DraftReport {
  /** Pictures that were to be looked at in this run. */
  readonly total: number;
  readonly drafted: number;
  /** Drafts with something that a person has to confirm by word. */
  readonly flagged: number;
  /** Pictures that were passed by, because they have a draft or a decision already. */
  readonly known: number;
  /** Pictures that were passed by, because no draft came the last time. */
  readonly failedBefore: number;
  readonly failed: Readonly<Partial<Record<Failure, number>>>;
  /** How answers were read. */
  readonly readings: {
    readonly look: Readonly<Partial<Record<Reading, number>>>;
    readonly tidy: Readonly<Partial<Record<Reading, number>>>;
  };
  readonly answers: { readonly read: number; readonly unreadable: number };
  readonly interrupted: boolean;
  /** Why the run ended early; undefined where it did not. */
  readonly stopped: string | undefined;
}

/** So many in a row without an answer: then it is the server, and not the picture. */
const MOST_UNANSWERED = 3;
const UNANSWERED: ReadonlySet<Failure> = new Set(["too-late", "server-refused"]);

export function draftsOf(datasetDir: string): JsonLines<DraftLine> {
  return new JsonLines(join(datasetDir, "captions/drafts.jsonl"), DraftLineSchema);
}

export function historyOf(datasetDir: string): JsonLines<HistoryLine> {
  return new JsonLines(join(datasetDir, "captions/history.jsonl"), HistoryLine);
}

/**
 * Asks for drafts, and writes each down as it comes: whatever ends the run, nothing that came is lost, and the next run
 * goes on. The data set itself is not touched.
 */
export async function draftCaptions(options: DraftCaptionsOptions): Promise<DraftReport> {
  const { datasetDir, room, signal, parallel, onProgress, now = () => new Date() } = options;
  const drafts = draftsOf(datasetDir);
  const { todo, known, failedBefore } = await choosePictures(options, drafts);
  const counts = {
    drafted: 0,
    flagged: 0,
    failed: {} as Partial<Record<Failure, number>>,
    readings: { look: {} as Partial<Record<Reading, number>>, tidy: {} as Partial<Record<Reading, number>> },
    answers: { read: 0, unreadable: 0 },
  };
  let done = 0;
  let unanswered = 0;
  let stopped: string | undefined;
  const halt = new AbortController();
  const running = AbortSignal.any([signal, halt.signal]);

  const note = async (line: DraftLine): Promise<void> => {
    await drafts.append([line]);
    done++;
    unanswered = "failed" in line && UNANSWERED.has(line.failed) ? unanswered + 1 : 0;
    if (isDraft(line)) {
      counts.drafted++;
      if (line.flags.some(needsConfirmation)) counts.flagged++;
      if (line.readings.look) countOne(counts.readings.look, line.readings.look);
      countOne(counts.readings.tidy, line.readings.tidy);
    } else countOne(counts.failed, line.failed);
    onProgress({ done, total: todo.length, drafted: counts.drafted, failed: done - counts.drafted });
    if (unanswered >= MOST_UNANSWERED && "failed" in line) {
      const why =
        line.failed === "too-late"
          ? `took longer than ${options.deadlineMs} ms`
          : `failed, the last with: ${line.said}`;
      stop(`${MOST_UNANSWERED} pictures in a row ${why}`);
    }
  };
  const stop = (reason: string): void => {
    stopped ??= reason;
    halt.abort();
  };
  const draftOne = async (one: CaptionPicture): Promise<void> => {
    if (running.aborted) return;
    try {
      const line = await draftPicture(one, {
        ...options,
        vocabulary: room.vocabulary,
        profile: FAMILIES[options.family],
        signal: running,
        now,
        onAnswer: ({ read }) => counts.answers[read ? "read" : "unreadable"]++,
      });
      await note(line);
    } catch (error) {
      if (running.aborted) return;
      // Also what no server is to blame for, such as a full disk, ends the work on the other pictures.
      stop(messageOf(error));
      if (!(error instanceof InferenceError)) throw error;
    }
  };
  const [first, ...others] = todo;
  // The first alone: it fills the server's cache with what is the same for all.
  if (first) await draftOne(first);
  const next = others.values();
  const work = async (): Promise<void> => {
    for (const one of next) await draftOne(one);
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return { total: todo.length, known, failedBefore, ...counts, interrupted: signal.aborted, stopped };
}

async function choosePictures(
  { room, wanted, retry, limit = Infinity, datasetDir, look }: DraftCaptionsOptions,
  drafts: JsonLines<DraftLine>,
): Promise<{
  readonly todo: readonly CaptionPicture[];
  readonly known: number;
  readonly failedBefore: number;
}> {
  const keyOf = (fileName: string, line: string): string => `${line} ${fileName}`;
  const failed = new Set<string>();
  const drafted = new Set<string>();
  for (const line of await drafts.read())
    (isDraft(line) ? drafted : failed).add(keyOf(line.file_name, line.line));
  // What was accepted needs no further draft, although its line is another one now.
  for (const line of await historyOf(datasetDir).read()) {
    if ("after" in line) drafted.add(keyOf(line.file_name, line.after));
  }
  const fitting = room.pictures.filter(({ picture: { caption } }) => {
    const given = Boolean(caption?.trim());
    // Without a look at the picture there is nothing but its caption to go by.
    if (!look && !given) return false;
    return wanted === "all" || (wanted === "given") === given;
  });
  const groups = { todo: [] as CaptionPicture[], known: 0, failedBefore: 0 };
  for (const one of fitting) {
    const key = keyOf(one.picture.fileName, one.line);
    if (drafted.has(key)) groups.known++;
    else if (failed.has(key) && !retry) groups.failedBefore++;
    else if (groups.todo.length < limit) groups.todo.push(one);
  }
  return groups;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function countOne<K extends string>(counts: Partial<Record<K, number>>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
