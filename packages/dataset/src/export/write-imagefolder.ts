import { relative } from "node:path/posix";
import { formatMetadataLine, METADATA } from "../metadata-line.ts";
import { bySplit, type ExportFormat, splitOf } from "./export-plan.ts";

/**
 * metadata.jsonl lies in the folder of each split: at the root of the set some versions of the reader that this
 * format is made for (huggingface/datasets#6442) pass it by.
 */
export const imagefolder: ExportFormat = {
  folderOf: (entry) => `${splitOf(entry)}/${entry.label}`,
  write: (pictures) =>
    bySplit(pictures).map(([split, members]) => ({
      file: `${split}/${METADATA}`,
      text: members
        .map(({ entry, file }) => {
          const line = formatMetadataLine({ ...entry, fileName: relative(split, file) });
          // Said, though empty: otherwise the folder's name would be taken for the split.
          return `${entry.split === undefined ? line.replace(/\}$/, ',"split":null}') : line}\n`;
        })
        .join(""),
    })),
};
