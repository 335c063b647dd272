import { createHash } from "node:crypto";
import { glob, readFile, stat } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the page's modules may import by name, and where its entry points lie inside the served folder. */
const PACKAGES = ["@followspot/client", "@bufbuild/protobuf"] as const;
const PROTOBUF_PARTS = ["codegenv2", "reflect", "wire", "wkt"] as const;
const SCHEMAS = ["event", "frame", "observation", "subscribe"] as const;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".js": "text/javascript; charset=utf-8",
  ".ts": "text/javascript; charset=utf-8",
};
const PAGE_DIR = fileURLToPath(new URL("../page", import.meta.url));
const IMPORT_MAP_PLACE = "<!-- import map -->";

export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

/**
 * The page's files by URL path. The list is made once, from folders that are meant for browsers; a request only looks
 * up its path in that list, so no path of the file system is ever built from what a stranger sent.
 */
export class PageFiles {
  /** For the Content-Security-Policy: `sha256-...` of the inline import map. */
  readonly importMapHash: string;
  readonly #paths: ReadonlyMap<string, string>;
  readonly #importMap: string;
  readonly #cache = new Map<string, { readonly modifiedMs: number; readonly file: PageFile }>();

  private constructor(paths: ReadonlyMap<string, string>, importMap: string) {
    this.#paths = paths;
    this.#importMap = importMap;
    this.importMapHash = `sha256-${createHash("sha256").update(importMap).digest("base64")}`;
  }

  static async open(): Promise<PageFiles> {
    const paths = new Map<string, string>([["/", join(PAGE_DIR, "index.html")]]);
    for (const { prefix, dir } of [{ prefix: "/page/", dir: PAGE_DIR }, ...moduleFolders()]) {
      for await (const name of glob("**/*.{ts,js,css,svg}", { cwd: dir })) {
        if (!/\.d\.ts$|\.test\.ts$/.test(name))
          paths.set(prefix + name.replaceAll("\\", "/"), join(dir, name));
      }
    }
    return new PageFiles(paths, JSON.stringify({ imports: importsOf() }));
  }

  get count(): number {
    return this.#paths.size;
  }

  /** Undefined for a path that is not one of the page's files. TypeScript comes back with its types stripped. */
  async read(urlPath: string): Promise<PageFile | undefined> {
    const path = this.#paths.get(urlPath);
    if (!path) return undefined;
    const { mtimeMs } = await stat(path);
    const cached = this.#cache.get(path);
    if (cached?.modifiedMs === mtimeMs) return cached.file;
    const body = Buffer.from(this.#prepare(path, await readFile(path, "utf8")));
    const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
    const file = { body, type: TYPES[extname(path)] ?? "application/octet-stream", etag };
    this.#cache.set(path, { modifiedMs: mtimeMs, file });
    return file;
  }

  #prepare(path: string, source: string): string {
    if (path.endsWith(".ts")) return stripTypeScriptTypes(source);
    if (!path.endsWith(".html")) return source;
    return source.replace(IMPORT_MAP_PLACE, () => `<script type="importmap">${this.#importMap}</script>`);
  }
}

function moduleFolders(): { readonly prefix: string; readonly dir: string }[] {
  const folders = PACKAGES.map((name) => ({ prefix: `/modules/${name}/`, dir: folderOf(name) }));
  return [
    ...folders,
    { prefix: "/modules/@followspot/schema/", dir: folderOf("@followspot/schema/followspot/v1/frame") },
  ];
}

function importsOf(): Record<string, string> {
  const entries = PACKAGES.map((name) => {
    const entry = fileURLToPath(import.meta.resolve(name)).slice(folderOf(name).length + 1);
    return [name, `/modules/${name}/${entry}`];
  });
  return Object.fromEntries([
    ...entries,
    ...PROTOBUF_PARTS.map((part) => [
      `@bufbuild/protobuf/${part}`,
      `/modules/@bufbuild/protobuf/${part}/index.js`,
    ]),
    ...SCHEMAS.map((name) => [
      `@followspot/schema/followspot/v1/${name}`,
      `/modules/@followspot/schema/${name}_pb.js`,
    ]),
  ]) as Record<string, string>;
}

function folderOf(specifier: string): string {
  return dirname(fileURLToPath(import.meta.resolve(specifier)));
}
