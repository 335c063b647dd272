import { constants } from "node:fs";
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { isOfTheDead, processMark } from "./writer-lock.ts";

const TEMPORARY = ".followspot/tmp";
const MAX_NAMESAKES = 1_000;

/**
 * Puts bytes into the data set under `fileName`, or, where a file of other bytes has this name, under the next
 * free one (name-2). A file that is there is never written to; one of the same bytes is taken as it is.
 * After a crash of the process there is either the whole file or none; for one of the machine, see syncFiles.
 * @param sameAllowed whether the file of the same bytes may be taken; asked with the name that is to be used.
 * @returns the name in use, relative to the data set's folder.
 */
export async function placeFile(
  datasetDir: string,
  fileName: string,
  bytes: Uint8Array,
  sameAllowed: (fileName: string) => boolean = () => true,
): Promise<string> {
  const temporary = await writeTemporary(datasetDir, bytes);
  try {
    for (let number = 1; number <= MAX_NAMESAKES; number++) {
      const name = number === 1 ? fileName : numbered(fileName, number);
      const path = join(datasetDir, name);
      if (await isSame(path, bytes)) {
        if (sameAllowed(name)) return name;
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      if (await linkNew(temporary, path)) return name;
    }
  } finally {
    await rm(temporary, { force: true });
  }
  throw new Error(`${join(datasetDir, fileName)} has ${MAX_NAMESAKES} namesakes`);
}

/**
 * Waits until the files are on the disk: a line in metadata.jsonl must not outlive its picture when the power goes.
 * Many at once cost hardly more than one.
 */
export async function syncFiles(datasetDir: string, fileNames: readonly string[]): Promise<void> {
  await Promise.all(fileNames.map((fileName) => syncPath(join(datasetDir, fileName))));
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Replaces a file in one step: whoever reads sees the old one or the new one, also after the power went. */
export async function replaceFile(datasetDir: string, fileName: string, text: string): Promise<void> {
  const temporary = await writeTemporary(datasetDir, Buffer.from(text));
  await syncPath(temporary);
  await rename(temporary, join(datasetDir, fileName));
}

/** A path for a file in the making, on the data set's own disk. */
export async function temporaryPath(datasetDir: string): Promise<string> {
  const folder = join(datasetDir, TEMPORARY);
  await mkdir(folder, { recursive: true });
  return join(folder, processMark());
}

/** Removes what processes that are over have left half written. */
export async function sweepTemporaries(datasetDir: string): Promise<void> {
  const folder = join(datasetDir, TEMPORARY);
  for (const name of await readdir(folder).catch(() => [])) {
    if (isOfTheDead(name)) await rm(join(folder, name), { force: true });
  }
}

async function writeTemporary(datasetDir: string, bytes: Uint8Array): Promise<string> {
  const path = await temporaryPath(datasetDir);
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  return path;
}

function numbered(fileName: string, number: number): string {
  const extension = extname(fileName);
  return `${fileName.slice(0, fileName.length - extension.length)}-${number}${extension}`;
}

async function isSame(path: string, bytes: Uint8Array): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== bytes.byteLength) return false;
  return (await readFile(path)).equals(bytes);
}

/** False where the name is taken. A link is made whole or not at all, and never over another file. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "EMLINK") throw error;
  }
  // A disk without links (exFAT).
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
