import type { Command } from "commander";
import { addDatasetCaption } from "./dataset-caption.ts";
import { addDatasetCheck } from "./dataset-check.ts";
import { addDatasetExport } from "./dataset-export.ts";
import { addDatasetImport } from "./dataset-import.ts";
import { addDatasetSplit } from "./dataset-split.ts";
import { addDatasetVersion } from "./dataset-version.ts";

/** `followspot dataset COMMAND`: work on data sets. */
export function addDataset(program: Command): void {
  const dataset = program
    .command("dataset")
    .description("look after the pictures that the understudy learns from");
  for (const add of [
    addDatasetImport,
    addDatasetExport,
    addDatasetCheck,
    addDatasetCaption,
    addDatasetSplit,
    addDatasetVersion,
  ])
    add(dataset);
}
