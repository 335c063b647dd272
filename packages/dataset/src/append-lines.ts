import { constants } from "node:fs";
import { copyFile, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { METADATA } from "./metadata-line.ts";
import { temporaryPath } from "./place-file.ts";

/**
 * Appends lines to metadata.jsonl in one step: whoever reads meanwhile, or after a crash, sees all of them or
 * none. The bytes of earlier lines stay as they are. To be called by the holder of the writer's lock only.
 */
export async function appendLines(datasetDir: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const file = join(datasetDir, METADATA);
  const temporary = await temporaryPath(datasetDir);
  try {
    const found = await stat(file).catch(() => undefined);
    if (found) await copyFile(file, temporary, constants.COPYFILE_FICLONE);
    const copy = await open(temporary, "a+");
    try {
      await copy.appendFile(`${(await endsOpen(copy)) ? "\n" : ""}${lines.join("\n")}\n`);
      await copy.sync();
    } finally {
      await copy.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whether the last line lacks its end: the next one must not be glued to it. */
async function endsOpen(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}
