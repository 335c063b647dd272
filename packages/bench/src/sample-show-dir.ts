import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The show that ships with the project. */
export const SAMPLE_SHOW_DIR = resolve(
  fileURLToPath(new URL("../../..", import.meta.url)),
  "shows/little-red-riding-hood",
);
