import { SPLITS, type Split } from "@followspot/dataset";
import type { DatasetSplit } from "@followspot/dataset-check";
import { type Command, InvalidArgumentError } from "commander";
import { datasetDir, type DatasetPlace } from "../dataset-dir.ts";
import { printJson, say } from "../say.ts";
import { tenSteps } from "../ten-steps.ts";

interface SplitCommandOptions extends DatasetPlace {
  readonly test: number;
  readonly golden: number;
  readonly seed: number;
  readonly write?: true;
  readonly json?: true;
}

/** `followspot dataset split`: what to learn from and what to judge by, whole scenes on one side. */
export function addDatasetSplit(dataset: Command): void {
  dataset
    .command("split")
    .description("propose what to learn from and what to judge by, scene by scene")
    .option("--dataset <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--test <share>", "share of the pictures to judge by", parseShare, 0.25)
    .option("--golden <share>", "share of the pictures that nothing may ever learn from", parseShare, 0)
    .option("--seed <number>", "same seed and pictures, same split", parseSeed, 1)
    .option("--write", "write the split into metadata.jsonl; without it, it is only shown")
    .option("--json", "print one JSON document")
    .action(async (options: SplitCommandOptions) => {
      const { splitDataset } = await import("@followspot/dataset-check");
      const dir = datasetDir(options);
      const { test, golden, seed } = options;
      const split = await splitDataset(dir, {
        test,
        golden,
        seed,
        onProgress: tenSteps("looking at pictures"),
      });
      const written = options.write ? await writeSplit(dir, split) : undefined;
      if (options.json) printJson({ ...split, written: written ?? null });
      else process.stdout.write(textOf(split));
      if (written === undefined) say("nothing was written; --write puts it into metadata.jsonl");
      else say(`${written} lines of metadata.jsonl were changed`);
    });
}

async function writeSplit(dir: string, { pictures }: DatasetSplit): Promise<number> {
  const { setSplits } = await import("@followspot/dataset");
  return await setSplits(dir, new Map(pictures.map(({ fileName, split }) => [fileName, split])));
}

function textOf({ splits, remarks, pictures }: DatasetSplit): string {
  const labels = [...new Set(SPLITS.flatMap((name) => Object.keys(splits[name].labels)))].sort();
  const width = Math.max(8, ...labels.map((label) => label.length));
  const row = (head: string, cell: (split: Split) => number) =>
    `${head.padEnd(width)}${SPLITS.map((name) => String(cell(name)).padStart(8)).join("")}\n`;
  const scenes = SPLITS.filter((name) => splits[name].pictures > 0).map((name) => {
    const here = pictures.filter(({ split }) => split === name);
    const names = [...new Set(here.map(({ scene, fileName }) => scene ?? fileName))];
    const rest = names.length > MOST_SCENES ? `, and ${names.length - MOST_SCENES} more` : "";
    return `${name}: ${names.slice(0, MOST_SCENES).join(", ")}${rest}\n`;
  });
  return [
    `${" ".repeat(width)}${SPLITS.map((name) => name.padStart(8)).join("")}\n`,
    row("pictures", (name) => splits[name].pictures),
    row("scenes", (name) => splits[name].scenes),
    ...labels.map((label) => row(label, (name) => splits[name].labels[label] ?? 0)),
    "\n",
    ...scenes,
    ...remarks.slice(0, MOST_REMARKS).map((remark) => `note: ${remark}\n`),
  ].join("");
}

const MOST_SCENES = 20;
const MOST_REMARKS = 20;

function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share >= 0 && share <= 0.9) return share;
  throw new InvalidArgumentError("It must be a share from 0 to 0.9, as 0.25.");
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new InvalidArgumentError("It must be a whole number, 0 or more.");
}
