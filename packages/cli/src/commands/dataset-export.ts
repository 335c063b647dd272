import { resolve } from "node:path";
import type { BoxStyle, Format } from "@followspot/dataset";
import { type Command, InvalidArgumentError } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { datasetDir } from "../dataset-dir.ts";
import { boxesOption, formatOption, maxPixelsOption } from "../format-options.ts";
import { ProgressLine } from "../progress-line.ts";
import { printJson, say } from "../say.ts";
import { untilInterrupted } from "../until-interrupted.ts";

interface ExportOptions {
  readonly from?: string;
  readonly show?: string;
  readonly to: string;
  readonly format: Format;
  readonly boxes?: BoxStyle;
  readonly maxPixels?: number;
  readonly json?: true;
}

/** `followspot dataset export`: a data set for other tools, and for the training of large models. */
export function addDatasetExport(dataset: Command): void {
  dataset
    .command("export")
    .description("write a data set in the format of other tools")
    .option("--from <dir>", "the data set (default: that of the show)")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .requiredOption("--to <dir>", "a new folder", notEmpty)
    .addOption(formatOption("what to write", { auto: false }).makeOptionMandatory())
    .addOption(boxesOption("how conversations write boxes (default: qwen2-vl; of ms-swift: pixels)"))
    .addOption(maxPixelsOption())
    .option("--json", "print one JSON document")
    .action(async (options: ExportOptions) => {
      const from = datasetDir({
        ...(options.from ? { dataset: options.from } : {}),
        ...(options.show ? { show: options.show } : {}),
      });
      const to = resolve(options.to);
      const { exportDataset } = await import("@followspot/dataset");
      const progress = new ProgressLine("exporting pictures");
      const report = await untilInterrupted(
        (signal) =>
          exportDataset({
            datasetDir: from,
            to,
            format: options.format,
            boxes: options.boxes,
            maxPixels: options.maxPixels,
            signal,
            onProgress: (done, total) => progress.show(done, total, "written"),
          }),
        "ending after the picture at hand",
      ).catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== "AbortError") throw error;
        throw new CommandFailure(`interrupted: ${to} is not complete; remove it and export again`);
      });
      progress.end();
      if (options.json) printJson({ dataset: from, to, ...report });
      say(`${report.pictures} pictures written to ${to} as ${report.format}`);
      if (report.loses) say(`note: ${report.format} has no place for ${report.loses}`);
    });
}

function notEmpty(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must be a folder.");
}
