import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "@followspot/domain";
import type { Protocol } from "@followspot/evaluation";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseLabels, parseSeed } from "../evaluate-options.ts";
import { showDir } from "../project.ts";
import { refuseUnwritable } from "../refuse-unwritable.ts";
import { printJson, say } from "../say.ts";
import { DEFAULT_SEED } from "../train-with-progress.ts";

const PROTOCOL_NAMES: readonly Protocol[] = ["leave-one-scene-out", "leave-one-out", "split"];

interface EvaluateCommandOptions {
  readonly recognizer: readonly string[];
  readonly textModel?: readonly string[];
  readonly dataset?: string;
  readonly show?: string;
  readonly protocol: Protocol;
  readonly labels?: readonly string[];
  readonly threshold: number;
  readonly seed: number;
  readonly json?: string | true;
  readonly html?: string;
  readonly against?: string;
}

/** `followspot evaluate`: how good is a recognizer, where, and at what does it fail? */
export function addEvaluate(program: Command): void {
  program
    .command("evaluate")
    .description("measure recognizers on a data set side by side, with failures to look at")
    .option(
      "--recognizer <a[,b...]>",
      "understudy (trained anew for each fold), current (the show's model in force), understudy:FILE.fsm, or grpc://host:port/model, with ?ask=list&family=qwen2.5-vl&adapter=NAME and the like behind it; up to six are compared with the first picture by picture",
      parseRecognizers,
      ["understudy"],
    )
    .option(
      "--text-model <a[,b...]>",
      "models that tidy captions, grpc://host:port/model: five criteria of each",
      parseTextModels,
    )
    .option("--dataset <dir>", "folder with metadata.jsonl (default: the show's)")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .addOption(
      new Option("--protocol <name>", "what to learn from and what to ask about")
        .choices(PROTOCOL_NAMES)
        .default("leave-one-scene-out"),
    )
    .option("--labels <a,b,c>", "only these subjects, and strangers", parseLabels)
    .option("--threshold <score>", "least score that counts as named", parseShare, 0.5)
    .option("--seed <number>", "of training, collages and intervals", parseSeed, DEFAULT_SEED)
    .option("--json [file]", "write everything as JSON; to standard output without a file, or with -")
    .option("--html <file>", "write a report with pictures, one file")
    .option("--against <file>", "the JSON of an earlier run: says what has changed since")
    .action(async (options: EvaluateCommandOptions) => {
      const { evaluate, formatEvaluation, readPreviousRun, renderEvaluation } = await import(
        "@followspot/evaluation"
      );
      const show = showDir(options.show);
      // Read first: a mistake in it should not come to light after minutes.
      const previous = options.against === undefined ? undefined : await readPreviousRun(options.against);
      for (const name of ["html", "json"] as const) {
        const file = options[name];
        if (typeof file === "string") await mkdir(dirname(file), { recursive: true });
        await refuseUnwritable(`--${name}`, file);
      }
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort(new UserError("stopped; nothing was written")));
      let shown = "";
      const report = await evaluate({
        datasetDir: options.dataset ?? join(show, "dataset"),
        recognizers: options.recognizer,
        textModels: options.textModel,
        protocol: options.protocol,
        labels: options.labels,
        seed: options.seed,
        threshold: options.threshold,
        showDir: show,
        command: commandLine(),
        signal: stop.signal,
        onProgress: (share, doing) => {
          const line = `${String(Math.floor(share * 10) * 10).padStart(3)} %  ${doing}`;
          if (line !== shown) say(line);
          shown = line;
        },
      });
      const toStdout = options.json === true || options.json === "-";
      if (options.html !== undefined) {
        await writeFile(options.html, await renderEvaluation(report, previous));
        say(`report: ${options.html}`);
      }
      if (typeof options.json === "string" && !toStdout) {
        await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
        say(`figures: ${options.json}`);
      }
      if (toStdout) printJson(report);
      else process.stdout.write(formatEvaluation(report));
    });
}

/** As it can be typed again. */
function commandLine(): string {
  const words = process.argv
    .slice(2)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return ["followspot", ...words].join(" ");
}

const MOST_COMPARED = 6;

function parseRecognizers(text: string): readonly string[] {
  return parseNames(text, "recognizers");
}

function parseTextModels(text: string): readonly string[] {
  return parseNames(text, "models");
}

function parseNames(text: string, what: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.length <= MOST_COMPARED && names.every((name) => name !== "")) return names;
  throw new InvalidArgumentError(`It must name one to ${MOST_COMPARED} ${what}, with commas between them.`);
}

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}
