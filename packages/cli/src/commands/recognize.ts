import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { UserError } from "@followspot/domain";
import type { PictureRecognition, Understudy } from "@followspot/recognition";
import { type Command, InvalidArgumentError } from "commander";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";

const EXIT_BAD_INPUT = 2;
const MAX_FILE_BYTES = 100e6;

interface RecognizeOptions {
  readonly show?: string;
  readonly json?: true;
  readonly annotate?: string;
  readonly threshold: number;
}

type Outcome =
  | { readonly file: string; readonly result: PictureRecognition; readonly annotated?: string }
  | { readonly file: string; readonly error: string };

// What only this command needs is loaded when it runs: the other commands start without sharp.

/** `followspot recognize FILE...`: who is in these photographs. A picture that cannot be read does not stop the rest. */
export function addRecognize(program: Command): void {
  program
    .command("recognize")
    .description("say who is in photographs, with the trained understudy")
    .argument("<file...>", "JPEG, PNG or WebP pictures")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--threshold <score>", "least score that counts as present", parseThreshold, 0.5)
    .option("--annotate <dir>", "write the pictures with boxes and names there")
    .option("--json", "print one JSON document")
    .action(async (files: readonly string[], options: RecognizeOptions) => {
      const { openUnderstudy } = await import("@followspot/recognition");
      const understudy = await openUnderstudy(showDir(options.show));
      if (options.annotate) await mkdir(options.annotate, { recursive: true });
      const outcomes: Outcome[] = [];
      for (const file of files) outcomes.push(await recognizeOne(understudy, file, options));
      if (options.json)
        printJson({ recognizer: "understudy", version: understudy.version, pictures: outcomes.map(jsonOf) });
      else for (const outcome of outcomes) printOutcome(outcome, options.threshold);
      if (outcomes.some((outcome) => "error" in outcome)) process.exitCode = EXIT_BAD_INPUT;
    });
}

function parseThreshold(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

async function recognizeOne(
  understudy: Understudy,
  file: string,
  options: RecognizeOptions,
): Promise<Outcome> {
  try {
    const bytes = await readPicture(file);
    const result = await understudy.recognize(bytes);
    if (!options.annotate) return { file, result };
    const annotated = join(options.annotate, `${basename(file, extname(file))}.annotated.jpg`);
    const { drawAnnotations } = await import("@followspot/recognition");
    await writeFile(annotated, await drawAnnotations(bytes, result, { leastScore: options.threshold }));
    return { file, result, annotated };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file, error: error.message.startsWith(file) ? error.message : `${file}: ${error.message}` };
  }
}

async function readPicture(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder; name its pictures",
    };
    throw new UserError(`${file}: ${reasons[code ?? ""] ?? `it cannot be read (${code})`}`);
  }
  if (bytes.length > MAX_FILE_BYTES) throw new UserError(`${file}: the file is larger than 100 MB`);
  return bytes;
}

function jsonOf(outcome: Outcome): object {
  if ("error" in outcome) return outcome;
  const { file, result, annotated } = outcome;
  const { width, height, unknown, modelMs } = result;
  const labels = result.labels.map(({ label, score, raw, box }) => ({ label, score, raw, box: box ?? null }));
  return { file, width, height, labels, unknown, modelMs, ...(annotated ? { annotated } : {}) };
}

function printOutcome(outcome: Outcome, threshold: number): void {
  if ("error" in outcome) {
    say(`followspot: ${outcome.error}`);
    return;
  }
  const { file, result, annotated } = outcome;
  const present = result.labels.filter((label) => label.score >= threshold);
  const lines = present.map(({ label, score, box }) => {
    const place = box
      ? `${box.left.toFixed(0)},${box.top.toFixed(0)} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`
      : "-";
    return `  ${label.padEnd(24)} ${score.toFixed(2)}  ${place}`;
  });
  if (result.unknown >= threshold) lines.push(`  ${"unknown".padEnd(24)} ${result.unknown.toFixed(2)}  -`);
  if (lines.length === 0) {
    const [best] = result.labels;
    lines.push(`  nobody of the cast${best ? ` (nearest: ${best.label} ${best.score.toFixed(2)})` : ""}`);
  }
  process.stdout.write(`${file}\n${lines.join("\n")}\n`);
  if (annotated) process.stdout.write(`  -> ${annotated}\n`);
}
