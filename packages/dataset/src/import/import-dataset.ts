import { mkdir, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { appendLines } from "../append-lines.ts";
import type { BoxStyle, Format } from "../formats/format-names.ts";
import { openSource } from "../formats/open-source.ts";
import type { SourceItem, SourceProblem } from "../formats/source-item.ts";
import { formatMetadataLine, parseMetadataLine } from "../metadata-line.ts";
import { sweepTemporaries, syncFiles } from "../place-file.ts";
import { withWriterLock } from "../writer-lock.ts";
import { DatasetIndex } from "./dataset-index.ts";
import type { ImportDefaults } from "./entry-of-item.ts";
import { GoldenGuard } from "./golden-guard.ts";
import { type Imported, importPicture } from "./import-picture.ts";
import { PixelBudget } from "./pixel-budget.ts";

/**
 * Two photographs of 12 megapixels at once, or one that is larger. One that has to be turned is in memory three
 * times: as it was, turned, and on its way to the file.
 */
const PIXELS_AT_ONCE = 25 * 1000 * 1000;
/** So many pictures are lost to the next run, at most, when the machine dies. */
const BATCH = 64;
export interface ImportRequest extends ImportDefaults {
  /** A folder with pictures, or an annotation file. */
  readonly source: string;
  /** The data set's folder; made where it is missing. */
  readonly datasetDir: string;
  readonly format?: Format | "auto" | undefined;
  readonly boxes?: BoxStyle | undefined;
  readonly maxPixels?: number | undefined;
  /** Ends the import after the pictures at hand, with everything so far in the data set. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  readonly added: number;
  readonly problems: number;
}

/** What was done that one may want to know. */
export interface ImportNote {
  /** Undefined where it is about all of them. */
  readonly picture?: string;
  readonly note: string;
}

export interface ImportReport {
  readonly format: Format;
  readonly total: number;
  readonly added: number;
  /** Pictures that the data set has already. */
  readonly known: number;
  /** The same file at several places of the source. */
  readonly twice: number;
  /** What could not be taken over; everything else was. */
  readonly problems: readonly SourceProblem[];
  readonly notes: readonly ImportNote[];
  /** Whether it was ended before the end; the same request goes on. */
  readonly interrupted: boolean;
}

/**
 * Brings pictures and what is known about them into a data set: upright, without EXIF, their originals kept byte
 * for byte. What the data set has already, by content, is left as it is; so the same import again goes on where it
 * was interrupted, and after its end adds nothing.
 * @throws UserError where the source cannot be read at all, or the data set has a broken line.
 */
export async function importDataset(request: ImportRequest): Promise<ImportReport> {
  const { source: from, datasetDir, signal } = request;
  await makeFolder(datasetDir);
  const source = await openSource(from, {
    format: request.format ?? "auto",
    boxes: request.boxes,
    maxPixels: request.maxPixels,
  });
  const index = new DatasetIndex(datasetDir);
  await index.refresh();
  const tally = {
    done: 0,
    added: 0,
    known: 0,
    twice: 0,
    problems: [...source.problems],
    notes: source.notes.map((note): ImportNote => ({ note })),
  };
  const tools = {
    datasetDir,
    index,
    budget: new PixelBudget(PIXELS_AT_ONCE),
    guard: await GoldenGuard.open(datasetDir, index.golden),
    defaults: request,
    claimed: new Map<string, SourceItem>(),
  };
  await withFrugalSharp(async () => {
    await sweepTemporaries(datasetDir);
    for (let at = 0; at < source.items.length && !signal?.aborted; at += BATCH) {
      const batch = source.items.slice(at, at + BATCH);
      const results = await inTurn(batch, signal, async (item) => {
        const result = await importPicture(item, tools).catch(problemOf);
        tally.done++;
        if (result.outcome === "added") tally.added++;
        if (result.outcome === "known") tally.known++;
        if (result.outcome === "twice") tally.twice++;
        settle(item, result, tally);
        request.onProgress?.({
          done: tally.done,
          total: source.items.length,
          added: tally.added,
          problems: tally.problems.length,
        });
        return result;
      });
      await writeLines(datasetDir, index, results);
    }
  });
  return {
    format: source.format,
    total: source.items.length,
    added: tally.added,
    known: tally.known,
    twice: tally.twice,
    problems: tally.problems,
    notes: tally.notes,
    interrupted: tally.done < source.items.length,
  };
}

type Result = Imported | { readonly outcome: "refused"; readonly message: string };

function problemOf(error: unknown): Result {
  if (error instanceof UserError) return { outcome: "refused", message: error.message };
  throw error;
}

function settle(
  item: SourceItem,
  result: Result,
  tally: { problems: SourceProblem[]; notes: ImportNote[] },
): void {
  // The picture is what the person can look at; the line, where it differs, says who spoke of it.
  const place = item.place === item.path ? item.path : `${item.place}: ${item.path}`;
  if (result.outcome === "refused") tally.problems.push({ place, message: result.message });
  if (result.outcome === "twice" && subjectsOf(item) !== subjectsOf(result.earlier)) {
    tally.problems.push({
      place,
      message: `the same picture is ${result.earlier.path}, which says otherwise who is in it; only that one was taken`,
    });
  }
  if (result.outcome !== "added") return;
  for (const note of result.notes) tally.notes.push({ picture: item.path, note });
}

function subjectsOf({ kind, name, boxes }: SourceItem): string {
  return JSON.stringify([kind, name, boxes?.map((box) => [box.name, box.corners])]);
}

async function writeLines(
  datasetDir: string,
  index: DatasetIndex,
  results: readonly Result[],
): Promise<void> {
  const added = results.filter((result) => result.outcome === "added");
  if (added.length === 0) return;
  await syncFiles(
    datasetDir,
    added.flatMap(({ fileName, originalFile }) => [fileName, originalFile]),
  );
  await withWriterLock(datasetDir, async () => {
    // Somebody else may have brought the same pictures meanwhile.
    await index.refresh();
    const fresh = added.filter(({ original }) => !index.hasOriginal(original));
    const lines = fresh.map(({ entry, fileName }) => {
      const line = formatMetadataLine({ ...entry, fileName });
      parseMetadataLine(line, fileName);
      return line;
    });
    await appendLines(datasetDir, lines);
    await index.remember(lines);
  });
}

/** Several at a time, results in the order of the items; begins no further one after the signal. */
async function inTurn<T, R>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const hand = async (): Promise<void> => {
    while (next < items.length && !signal?.aborted) {
      const at = next++;
      results[at] = await work(items[at] as T);
    }
  };
  const hands = Array.from({ length: Math.min(4, availableParallelism()) }, hand);
  const failed = (await Promise.allSettled(hands)).find((hand) => hand.status === "rejected");
  if (failed) throw failed.reason;
  return results.filter((result) => result !== undefined);
}

/** libvips keeps what it decoded and uses a thread a core for each picture: neither is of use here. */
async function withFrugalSharp(work: () => Promise<void>): Promise<void> {
  const threads = sharp.concurrency();
  sharp.cache(false);
  sharp.concurrency(1);
  try {
    await work();
  } finally {
    sharp.cache(true);
    sharp.concurrency(threads);
  }
}

async function makeFolder(dir: string): Promise<void> {
  const found = await stat(dir).catch(() => undefined);
  if (found && !found.isDirectory()) throw new UserError(`${dir} is a file; name a folder for the data set`);
  await mkdir(dir, { recursive: true });
}
