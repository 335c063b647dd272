import { realpath } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Findings } from "./finding.ts";

/** Where the server's paths are on this machine. */
export interface Places {
  readonly here: (path: string) => string;
  /** The one folder that the server sees of this machine; undefined where it sees what we see. */
  readonly mounted?: string | undefined;
}

/** Of a server that sees one folder by another name, or all as we do. */
export function placesOf(weightsDir: string | undefined, weightsAt: string | undefined): Places {
  if (weightsDir === undefined || weightsAt === undefined) return { here: (path) => path };
  const here = (path: string): string =>
    isBelow(weightsAt, path) ? join(resolve(weightsDir), relative(weightsAt, path)) : path;
  return { here, mounted: weightsDir };
}

/** Whether the server sees a file that is here. Hugging Face's cache is made of links, which lead nowhere inside a container. */
export async function checkInside(
  file: string,
  { places: { mounted }, findings }: { places: Places; findings: Findings },
): Promise<void> {
  if (mounted === undefined) return;
  const [real, root] = [await realpath(file), await realpath(resolve(mounted))];
  if (isBelow(root, real)) return;
  findings.error(
    file,
    isBelow(resolve(mounted), file)
      ? `is a link to ${real}, which is outside of ${mounted} and so not there for the server: copy the files (hf download --local-dir)`
      : `is outside of ${mounted}, which is all that the server sees of this machine: copy it there, and render again`,
  );
}

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== ".." && !below.startsWith("../");
}
