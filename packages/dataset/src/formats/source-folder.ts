import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { UserError } from "@followspot/domain";

const MAX_FILES = 200_000;
const MAX_DEPTH = 12;
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

const PICTURE = /\.(?:jpe?g|png|webp|gif|tiff?|avif|mpo|heic|heif|bmp|jfif)$/i;

/** The files of a source, found once, so that pictures are looked up without asking the disk again. */
export class SourceFolder {
  readonly root: string;
  /** Relative to the root, "/" between folders, sorted. */
  readonly files: readonly string[];
  readonly #known: ReadonlySet<string>;
  #byName: ReadonlyMap<string, readonly string[]> | undefined;

  private constructor(root: string, files: readonly string[]) {
    this.root = root;
    this.files = files;
    this.#known = new Set(files);
  }

  /** @throws UserError where there is no such folder, or too much in it. */
  static async open(root: string): Promise<SourceFolder> {
    const files: string[] = [];
    await walk(root, "", 0, files);
    // By code point: the same on every machine.
    return new SourceFolder(root, files.sort());
  }

  /** Every picture file; the originals that an earlier import has put aside are not among them. */
  get pictures(): readonly string[] {
    return this.files.filter((file) => PICTURE.test(file) && !file.startsWith("originals/"));
  }

  /**
   * The file that a description means by `named`: relative to the description's folder or one of `also`, or by the
   * end of its path. Nothing outside of the source is ever meant.
   * @returns relative to the root; undefined where there is none, or more than one by its name.
   */
  find(named: string, fromFolder: string, also: readonly string[] = []): string | undefined {
    const plain = named.replace(/^file:\/\//, "").replaceAll("\\", "/");
    if (isAbsolute(plain)) {
      const inside = slashed(relative(this.root, resolve(plain)));
      if (this.#known.has(inside)) return inside;
    } else {
      for (const folder of [fromFolder, "", ...also, ...also.map((name) => join(fromFolder, name))]) {
        const candidate = slashed(join(folder, plain));
        if (this.#known.has(candidate)) return candidate;
      }
    }
    this.#byName ??= Map.groupBy(this.files, (file) => basename(file));
    const namesakes = this.#byName.get(basename(plain)) ?? [];
    return namesakes.length === 1 ? namesakes[0] : undefined;
  }

  path(file: string): string {
    return join(this.root, file);
  }

  has(file: string): boolean {
    return this.#known.has(file);
  }

  /** @throws UserError where it is too large to be what it should. */
  async readText(file: string, maxBytes: number = MAX_TEXT_BYTES): Promise<string> {
    const path = this.path(file);
    const { size } = await stat(path);
    if (size > maxBytes) throw new UserError(`${path} has ${size} bytes, at most ${maxBytes} are allowed`);
    return await readFile(path, "utf8");
  }

  /** @throws UserError naming the file. */
  async readJson(file: string): Promise<unknown> {
    const text = await this.readText(file);
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new UserError(`${this.path(file)} is not JSON; export it again`, { cause });
    }
  }
}

/** train, test and so on, where a folder on the way to the file has this name. */
export function splitOfPath(file: string): "train" | "test" | "golden" | undefined {
  for (const folder of dirname(file).toLowerCase().split("/")) {
    if (folder === "train" || folder === "golden") return folder;
    if (/^(?:test|val|valid|validation)$/.test(folder)) return "test";
  }
  return undefined;
}

export function stemOf(file: string): string {
  return basename(file, extname(file));
}

async function walk(root: string, folder: string, depth: number, files: string[]): Promise<void> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") throw new UserError(`${root} does not exist: name a folder with pictures`);
      if (error.code === "ENOTDIR") throw new UserError(`${root} is not a folder: name the one it lies in`);
      throw error;
    },
  );
  for (const entry of found) {
    // Hidden files are the system's or ours, never the show's.
    if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (depth < MAX_DEPTH) await walk(root, file, depth + 1, files);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      files.push(file);
      if (files.length > MAX_FILES) {
        throw new UserError(`${root} has more than ${MAX_FILES} files: import its folders one by one`);
      }
    }
  }
}

function slashed(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
