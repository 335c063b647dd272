import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";

/** A page's files by URL path: a closed list, so that no path is ever built from what a stranger sent. */
export type PageFiles = Readonly<Record<string, URL>>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".ts": "text/javascript; charset=utf-8",
};

/**
 * One page file names another as TypeScript does, wherever it lies; the browser asks for what it is after the types are
 * gone, all in one folder.
 */
const OWN_IMPORT = /(\bfrom ")\.[^"]*\/([a-z-]+)\.ts"/g;

export interface PageFile {
  readonly body: string;
  readonly type: string;
}

/** Undefined for a path that is not one of the page's. TypeScript comes back with its types stripped. */
export async function readPageFile(files: PageFiles, path: string): Promise<PageFile | undefined> {
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  const type = file && TYPES[extname(file.pathname)];
  if (!file || type === undefined) return undefined;
  const text = await readFile(file, "utf8");
  const isScript = file.pathname.endsWith(".ts");
  return { type, body: isScript ? stripTypeScriptTypes(text).replaceAll(OWN_IMPORT, '$1./$2.js"') : text };
}
