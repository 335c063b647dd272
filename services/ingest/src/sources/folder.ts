import { readdir, readFile, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { type Source, SourceFailed } from "./source.ts";

const PICTURES = new Set([".jpg", ".jpeg", ".png", ".webp"]);

export interface FolderOptions {
  /** Pictures a second. */
  readonly fps: number;
  readonly loop: boolean;
  readonly limits: PictureLimits;
}

/** The pictures of a folder in the order of their names, one after the other. Looks again at each round. */
export function folderSource(path: string, { fps, loop, limits }: FolderOptions): Source {
  const name = basename(path);
  return async ({ picture }, signal) => {
    let dueMs = performance.now();
    do {
      for (const file of await pictureFiles(path)) {
        signal.throwIfAborted();
        const read = await readBounded(join(path, file), limits.maxBytes);
        if (read) picture({ ...read, name: file });
        // Not before the picture's time, and no catching up after a pause.
        dueMs = Math.max(dueMs + 1_000 / fps, performance.now());
        await sleep(dueMs - performance.now(), undefined, { signal });
      }
    } while (loop);
    return `the pictures of ${name} were shown to the last`;
  };
}

async function pictureFiles(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const problem =
      { ENOENT: "does not exist", ENOTDIR: "is not a folder", EACCES: "may not be read by this user" }[
        error.code ?? ""
      ] ?? "cannot be read";
    throw new SourceFailed(`the folder ${path} ${problem}: check source in show.yaml`, { cause: error });
  });
  const files = entries.filter(
    (entry) => !entry.isDirectory() && PICTURES.has(extname(entry.name).toLowerCase()),
  );
  if (files.length === 0)
    throw new SourceFailed(`the folder ${path} has no picture: put .jpg, .png or .webp files there`);
  return files.map((entry) => entry.name).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** A file's bytes, or only its length where that is too much. Undefined where it vanished or is no file. */
async function readBounded(path: string, maxBytes: number) {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return undefined;
    if (facts.size > maxBytes) return { bytes: new Uint8Array(), totalBytes: facts.size };
    return { bytes: await readFile(path) };
  } catch {
    return undefined;
  }
}
