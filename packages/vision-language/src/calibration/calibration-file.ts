import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { oneLine, UserError } from "@followspot/domain";
import { WAYS_TO_ASK } from "@followspot/show";
import { z } from "zod";

const Line = z.strictObject({
  /** More evidence is never taken for less. */
  slope: z.number().min(0).max(100),
  offset: z.number().min(-100).max(100),
});
/** Turns raw log-odds into log-odds that hold: slope * raw + offset. */
export type CalibrationLine = z.infer<typeof Line>;

const CalibrationShape = z.strictObject({
  version: z.literal(1),
  /** The model's own version, as its server says it. */
  model: z.string().min(1),
  /** Of the prompt that it was asked with: see `promptVersion`. */
  prompt: z.string().min(1),
  ask: z.enum(WAYS_TO_ASK),
  /** The LoRA adapter that it answered with; null of the bare model. */
  adapter: z.string().nullable(),
  /** The largest picture that it was shown, in pixels. */
  maxPixels: z.number().int().positive(),
  global: Line,
  /** By label, where there were enough pictures; the others have the global one. */
  labels: z.record(z.string(), Line),
  unknown: Line,
  /** Share of held-out pictures of one subject whose most probable label is right. */
  accuracy: z.number().min(0).max(1),
  /** Hash of the data set that it was fitted on. */
  dataset: z.string(),
  /** Version of the understudy whose candidates were compared when the accuracy was measured; only of `verify`. */
  understudy: z.string().min(1).optional(),
});
export type Calibration = z.infer<typeof CalibrationShape>;

/** Nothing is changed: the raw log-odds are taken at their word. */
export const IDENTITY: CalibrationLine = { slope: 1, offset: 0 };

const FILE_NAME = /^calibration-[0-9a-f]{12}\.json$/;
const MOST_BYTES = 1_000_000;
const MOST_FILES = 500;

export function calibrationHash(calibration: Calibration): string {
  return createHash("sha256").update(JSON.stringify(calibration)).digest("hex").slice(0, 12);
}

/** The probability that raw log-odds stand for. */
export function calibrated({ slope, offset }: CalibrationLine, raw: number): number {
  return 1 / (1 + Math.exp(-(slope * raw + offset)));
}

/** Writes it among the show's models, whole or not at all. Returns the file. */
export async function writeCalibration(modelsDir: string, calibration: Calibration): Promise<string> {
  const file = join(modelsDir, `calibration-${calibrationHash(calibration)}.json`);
  await mkdir(modelsDir, { recursive: true });
  const half = `${file}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(half, `${JSON.stringify(calibration, undefined, 2)}\n`);
    await rename(half, file);
  } finally {
    await rm(half, { force: true });
  }
  return file;
}

/** @throws UserError naming file and field */
export async function readCalibration(file: string): Promise<Calibration> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UserError(`there is no calibration file ${file}`);
  if (found.size > MOST_BYTES) throw new UserError(`${file} is larger than any calibration file`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new UserError(`${file} is not JSON`, { cause });
  }
  const parsed = CalibrationShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`${file}: ${oneLine(`${issue?.path.join(".") || "the whole"}: ${issue?.message}`)}`);
}

/**
 * One of `verify` that names no understudy is from before its fit left out what the understudy had said: it counts for
 * nothing any more.
 */
function isFor(calibration: Calibration, wanted: CalibrationWanted): boolean {
  if (wanted.ask === "verify" && calibration.understudy === undefined) return false;
  return CONDITIONS.every((condition) => calibration[condition] === wanted[condition]);
}

/** Under which conditions a calibration holds: those under which it was fitted. */
export type CalibrationWanted = Pick<Calibration, (typeof CONDITIONS)[number]>;
const CONDITIONS = ["model", "prompt", "ask", "adapter", "maxPixels"] as const;

/** A file among a show's models that is named as a calibration. */
export interface CalibrationFile {
  readonly file: string;
  readonly mtimeMs: number;
}

/** The newest first; of more than anybody has, the oldest are left out. */
export async function listCalibrations(modelsDir: string): Promise<readonly CalibrationFile[]> {
  const names = await readdir(modelsDir).catch(() => [] as string[]);
  const files = await Promise.all(
    names
      .filter((name) => FILE_NAME.test(name))
      .map(async (name) => {
        const file = join(modelsDir, name);
        const found = await stat(file).catch(() => undefined);
        return found && { file, mtimeMs: found.mtimeMs };
      }),
  );
  return files
    .filter((one) => one !== undefined)
    .toSorted((a, b) => b.mtimeMs - a.mtimeMs || (a.file < b.file ? -1 : 1))
    .slice(0, MOST_FILES);
}

/**
 * The first of these that was fitted on this very model, asked in this very way; undefined where there is none. A file
 * that cannot be read is a mistake, not an absence.
 * @throws UserError
 */
export async function firstCalibrationFor(
  files: readonly CalibrationFile[],
  wanted: CalibrationWanted,
): Promise<Calibration | undefined> {
  for (const { file } of files) {
    const calibration = await readCalibration(file);
    if (isFor(calibration, wanted)) return calibration;
  }
  return undefined;
}
