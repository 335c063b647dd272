/** Renders the sample show's data set again: node packages/sample-show/src/render-sample-dataset.ts [FOLDER] */
import { fileURLToPath } from "node:url";
import { writeSampleDataset } from "./dataset/write-sample-dataset.ts";

const folder =
  process.argv[2] ?? fileURLToPath(new URL("../../../shows/little-red-riding-hood/dataset", import.meta.url));
const lines = await writeSampleDataset(folder);
process.stdout.write(`${lines.length} pictures written to ${folder}\n`);
