import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { METADATA, type Split, parseMetadataLine } from "./metadata-line.ts";
import { replaceFile } from "./place-file.ts";
import { withColumns } from "./rewrite-line.ts";
import { withWriterLock } from "./writer-lock.ts";

/**
 * Writes the split of these pictures into metadata.jsonl, in one step; every other column, and every line of other
 * pictures, stays as it is. A golden picture stays golden: what was ever judged by must not be learnt from.
 * @param splits by file name.
 * @returns how many lines were changed.
 * @throws UserError naming the line of a golden picture that would become another, and of one that is broken.
 */
export async function setSplits(datasetDir: string, splits: ReadonlyMap<string, Split>): Promise<number> {
  const file = join(datasetDir, METADATA);
  return await withWriterLock(datasetDir, async () => {
    let changed = 0;
    const lines = (await readFile(file, "utf8")).split("\n").map((line, index) => {
      if (line.trim() === "") return line;
      const { fileName, split: before } = parseMetadataLine(line, `${file}:${index + 1}`);
      const split = splits.get(fileName);
      if (split === undefined || split === before) return line;
      if (before === "golden") {
        throw new UserError(
          `${file}:${index + 1}: split: ${fileName} is golden, and must not become ${split}`,
        );
      }
      changed++;
      return withColumns(line, { split });
    });
    if (changed > 0) await replaceFile(datasetDir, METADATA, lines.join("\n"));
    return changed;
  });
}
