import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { BoxStyle, Format, ImportReport } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { type Command, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { datasetDir, showOfDataset } from "../dataset-dir.ts";
import { boxesOption, formatOption, maxPixelsOption } from "../format-options.ts";
import { ProgressLine } from "../progress-line.ts";
import { printJson, say } from "../say.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface ImportOptions {
  readonly to?: string;
  readonly show?: string;
  readonly format: Format | "auto";
  readonly scene?: string;
  readonly name?: string;
  readonly kind?: "character" | "prop" | "unknown";
  readonly boxes?: BoxStyle;
  readonly maxPixels?: number;
  readonly json?: true;
}

/** So many problems and remarks are told one by one; --json has them all. */
const MAX_TOLD = 20;

/** `followspot dataset import`: pictures of others become part of the show's data set. */
export function addDatasetImport(dataset: Command): void {
  dataset
    .command("import")
    .description("bring pictures and what is known about them into a data set")
    .argument("<source>", "a folder with pictures, or an annotation file")
    .option("--to <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder (default: the current folder)")
    .addOption(formatOption("what the source is").default("auto"))
    .option("--scene <name>", "where they were taken, for pictures that do not say")
    .option("--name <id>", "who is in pictures that do not say")
    .addOption(
      new Option("--kind <kind>", "of names that the cast in show.yaml does not have").choices([
        "character",
        "prop",
        "unknown",
      ]),
    )
    .addOption(boxesOption("how conversations write boxes, where they do not say"))
    .addOption(maxPixelsOption())
    .option("--json", "print one JSON document")
    .action(async (source: string, options: ImportOptions) => {
      const place = {
        ...(options.to ? { dataset: options.to } : {}),
        ...(options.show ? { show: options.show } : {}),
      };
      refuseSampleShow(place);
      const target = datasetDir(place);
      const { importDataset } = await import("@followspot/dataset");
      const progress = new ProgressLine("importing pictures");
      const kinds = await kindsOfCast(showOfDataset(place));
      const report = await untilInterrupted(
        (signal) =>
          importDataset({
            ...options,
            source: resolve(source),
            datasetDir: target,
            kinds,
            signal,
            onProgress: ({ done, total, added, problems }) =>
              progress.show(done, total, `${added} added, ${problems} with problems`),
          }),
        "ending after the pictures at hand",
      );
      progress.end();
      if (options.json) printJson({ dataset: target, ...report });
      tell(report, target);
    });
}

/** Nobody wants his own pictures among those that ship with the project. */
function refuseSampleShow(place: { readonly dataset?: string; readonly show?: string }): void {
  if (place.dataset !== undefined || place.show !== undefined || existsSync("show.yaml")) return;
  throw new UserError(
    "there is no show.yaml here: name the data set with --to DIR, or the show with --show DIR",
  );
}

async function kindsOfCast(showDir: string | undefined): Promise<Map<string, "character" | "prop">> {
  if (showDir === undefined || !existsSync(resolve(showDir, "show.yaml"))) return new Map();
  const { readShow } = await import("@followspot/show");
  return new Map((await readShow(showDir)).cast.map(({ id, kind }) => [id, kind]));
}

/** @throws UserError where something of the source is left to mend, CommandFailure where it was interrupted. */
function tell(report: ImportReport, target: string): void {
  sayEach(inGroups(report.notes));
  sayEach(report.problems.map(({ place, message }) => `${place}: ${message}`));
  const { added, known, twice, total, problems } = report;
  say(
    `${added} of ${total} pictures added to ${target}` +
      (known > 0 ? `, ${known} were there already` : "") +
      (twice > 0 ? `, ${twice} came twice` : ""),
  );
  if (report.interrupted) {
    throw new CommandFailure("interrupted: the data set is in order, and the same command goes on from here");
  }
  if (problems.length > 0) {
    throw new UserError(
      `${problems.length} ${problems.length === 1 ? "problem" : "problems"}, named above: mend the source and give the same command again`,
    );
  }
}

/** What was done to many pictures alike is said once, with the first of them. */
function inGroups(notes: ImportReport["notes"]): string[] {
  return [...Map.groupBy(notes, ({ note }) => note)].map(([note, [first, ...others]]) => {
    const more = others.length > 0 ? `, and so ${others.length} more` : "";
    return first?.picture === undefined ? note : `${first.picture}: ${note}${more}`;
  });
}

function sayEach(lines: readonly string[]): void {
  for (const line of lines.slice(0, MAX_TOLD)) say(line);
  if (lines.length > MAX_TOLD) say(`... and ${lines.length - MAX_TOLD} more; --json names them all`);
}
