import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

/** The page's files by URL path: a closed list, so that no path is ever built from what a stranger sent. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/style.css": ["style.css", "text/css; charset=utf-8"],
  "/main.js": ["main.ts", "text/javascript; charset=utf-8"],
  "/dom.js": ["dom.ts", "text/javascript; charset=utf-8"],
  "/question-view.js": ["question-view.ts", "text/javascript; charset=utf-8"],
  "/effect-view.js": ["effect-view.ts", "text/javascript; charset=utf-8"],
  "/server.js": ["server.ts", "text/javascript; charset=utf-8"],
};

/** One page file names another as TypeScript does; the browser asks for what it is after the types are gone. */
const OWN_IMPORT = /(\bfrom ["]\.\/[a-z-]+)\.ts"/g;

export interface PageFile {
  readonly body: string;
  readonly type: string;
}

/** Undefined for a path that is not one of the page's. TypeScript comes back with its types stripped. */
export async function readPageFile(path: string): Promise<PageFile | undefined> {
  const found = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!found) return undefined;
  const [file, type] = found;
  const text = await readFile(fileURLToPath(new URL(`../page/${file}`, import.meta.url)), "utf8");
  return {
    type,
    body: file.endsWith(".ts") ? stripTypeScriptTypes(text).replaceAll(OWN_IMPORT, '$1.js"') : text,
  };
}
