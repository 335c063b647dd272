import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UserError } from "@followspot/domain";
import type { PythonEnvironment } from "@followspot/triton-server";

const DEPLOY = join(import.meta.dirname, "../../../deploy");
const REPORT = "training-report.json";
/** Of what the training said last, for the message where it could not begin. */
const KEPT_LINES = 20;

export interface FinetuneOptions {
  readonly python: PythonEnvironment;
  readonly trainingSet: string;
  /** Folder of the weights. */
  readonly base: string;
  /** The adapter's folder; must not be there yet. */
  readonly out: string;
  /** Where one that is no good is put. */
  readonly refused: string;
  /** For checkpoints. */
  readonly work: string;
  /** Further options of `python -m followspot_finetune`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gets each line that the training says. */
  readonly say: (line: string) => void;
  /** Asks for the end: a checkpoint is written first. */
  readonly signal?: AbortSignal | undefined;
}

export type FinetuneEnd =
  | { readonly end: "accepted" | "refused"; readonly dir: string; readonly report: TrainingReport }
  | { readonly end: "interrupted" };

/** The part of the report that a command tells. */
export interface TrainingReport {
  readonly verdict: { readonly reason: string; readonly sentence: string };
  readonly before: { readonly balancedAccuracy: number | null };
  readonly after: { readonly balancedAccuracy: number | null };
  readonly seconds: number;
}

/** Codes of `python -m followspot_finetune`. */
const [ACCEPTED, REFUSED, BAD_INPUT, INTERRUPTED] = [0, 1, 2, 130] as const;

/**
 * Runs a training. Where this process ends, however, the training writes a checkpoint and ends, too.
 * @throws UserError with the sentence of a training that could not begin
 */
export async function runFinetune(options: FinetuneOptions): Promise<FinetuneEnd> {
  const { python, trainingSet, base, out, refused, work, args = [], env, say, signal } = options;
  const child = spawn(
    python.python,
    [
      "-m",
      "followspot_finetune",
      `--training-set=${trainingSet}`,
      `--base=${base}`,
      `--out=${out}`,
      `--refused=${refused}`,
      `--work=${work}`,
      "--stop-with-stdin",
      ...args,
    ],
    {
      stdio: ["pipe", "ignore", "pipe"],
      // In a group of its own: Ctrl-C reaches us, and we end its input.
      detached: true,
      env: {
        ...process.env,
        PYTHONPATH: [join(DEPLOY, "finetune"), join(DEPLOY, "triton/python")].join(delimiter),
        PYTHONDONTWRITEBYTECODE: "1",
        ...env,
      },
    },
  );
  const stop = () => child.stdin.end();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  child.stdin.on("error", () => {});
  const lines: string[] = [];
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      say(line);
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    }
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    switch (code) {
      case ACCEPTED:
        return { end: "accepted", dir: out, report: await readReport(out) };
      case REFUSED: {
        const report = await readReport(refused).catch(() => undefined);
        // An exception of Python's ends with 1 as well.
        if (!report) break;
        return { end: "refused", dir: refused, report };
      }
      case INTERRUPTED:
        return { end: "interrupted" };
      case BAD_INPUT:
        throw new UserError(lines.at(-1) ?? "the training could not begin");
    }
    throw new Error(`the training ended with code ${code}:\n${lines.join("\n")}`);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

async function readReport(dir: string): Promise<TrainingReport> {
  return JSON.parse(await readFile(join(dir, REPORT), "utf8")) as TrainingReport;
}
