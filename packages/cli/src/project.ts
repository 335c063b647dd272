import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Followspot's own folder. */
export const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url));

/** The show that ships with the project. */
export const SAMPLE_SHOW_DIR = resolve(PROJECT_DIR, "shows/little-red-riding-hood");

/** The show folder to work on: the one named, else the current folder where it is one, else the sample show. */
export function showDir(named: string | undefined): string {
  if (named !== undefined) return resolve(named);
  return existsSync("show.yaml") ? process.cwd() : SAMPLE_SHOW_DIR;
}
