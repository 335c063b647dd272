import { writeFile } from "node:fs/promises";
import type { DatasetCheck } from "@followspot/dataset-check";
import { readShow } from "@followspot/show";
import { type Command, InvalidArgumentError } from "commander";
import { datasetDir, type DatasetPlace, showOfDataset } from "../dataset-dir.ts";
import { refuseUnwritable } from "../refuse-unwritable.ts";
import { printJson, say } from "../say.ts";
import { tenSteps } from "../ten-steps.ts";

const EXIT_FOUND_ERRORS = 1;
/** Findings of one check that a terminal gets. */
const MOST_TOLD = 5;

interface CheckCommandOptions extends DatasetPlace {
  readonly json?: true | string;
  readonly html?: string;
  readonly quick?: true;
  readonly seed: number;
}

/** `followspot dataset check`: everything that can be wrong with pictures, names, boxes, captions and splits. */
export function addDatasetCheck(dataset: Command): void {
  dataset
    .command("check")
    .description("look for everything that can be wrong with a data set; changes nothing")
    .option("--dataset <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder with the cast list (default: the one around the data set)")
    .option("--html <file>", "write a report with pictures there")
    .option("--json [file]", "write one JSON document there; without a file, or with -, to standard output")
    .option("--quick", "without the search for wrong names, which learns the data set several times")
    .option("--seed <number>", "for what is drawn by chance", parseSeed, 1)
    .action(async (options: CheckCommandOptions) => {
      const { checkDataset, renderCheck, verdictOf } = await import("@followspot/dataset-check");
      const dir = datasetDir(options);
      const show = showOfDataset(options);
      // Before the minutes that a check takes, not after them.
      for (const name of ["html", "json"] as const) await refuseUnwritable(`--${name}`, options[name]);
      const check = await checkDataset(dir, {
        seed: options.seed,
        cast: show === undefined ? undefined : (await readShow(show)).cast,
        labels: !options.quick,
        onProgress: stages(),
      });
      if (options.html)
        await writeFile(options.html, await renderCheck(check, { command: commandOf(options) }));
      const json = options.json === true ? "-" : options.json;
      if (json === "-") printJson(check);
      else {
        if (json !== undefined) await writeFile(json, `${JSON.stringify(check, undefined, 2)}\n`);
        process.stdout.write(textOf(check));
      }
      say(verdictOf(check));
      if (options.html) say(`report: ${options.html}`);
      if (!check.ok) process.exitCode = EXIT_FOUND_ERRORS;
    });
}

function textOf({ checks, findings }: DatasetCheck): string {
  const blocks = checks.flatMap(({ check, about, found }) => {
    if (found === 0) return [];
    const told = findings.filter((finding) => finding.check === check).slice(0, MOST_TOLD);
    const lines = told.map(({ severity, pictures, message }) => {
      const where = pictures.length > 0 ? `${pictures.join(", ")}: ` : "";
      return `  ${severity.padEnd(7)}  ${where}${message}\n`;
    });
    const rest = found > told.length ? `  and ${found - told.length} more\n` : "";
    return [`${about} (${found})\n${lines.join("")}${rest}`];
  });
  return blocks.join("\n");
}

/** Each piece of work counts its own steps. */
function stages(): (share: number, doing: string) => void {
  const steps = new Map<string, (share: number) => void>();
  return (share, doing) => {
    const step = steps.get(doing) ?? tenSteps(doing);
    steps.set(doing, step);
    step(share);
  };
}

function commandOf(options: CheckCommandOptions): string {
  const words = ["followspot", "dataset", "check"];
  for (const name of ["dataset", "show", "html", "json"] as const) {
    const value = options[name];
    if (value !== undefined) words.push(`--${name}`, ...(value === true ? [] : [quoted(value)]));
  }
  if (options.quick) words.push("--quick");
  return [...words, "--seed", String(options.seed)].join(" ");
}

function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}
