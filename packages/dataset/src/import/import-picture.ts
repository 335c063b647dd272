import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { bakePicture } from "../bake/bake-picture.ts";
import { fileSlug } from "../file-slug.ts";
import type { SourceItem } from "../formats/source-item.ts";
import { stemOf } from "../formats/source-folder.ts";
import { MAX_PICTURE_BYTES } from "../picture.ts";
import { placeFile } from "../place-file.ts";
import { type DatasetIndex, sha256Of } from "./dataset-index.ts";
import { entryOfItem, type ImportDefaults, type ItemEntry } from "./entry-of-item.ts";
import type { GoldenGuard } from "./golden-guard.ts";
import type { PixelBudget } from "./pixel-budget.ts";

/** Under the data set's folder: the files as they came, by the hash of their content. */
export const ORIGINALS = "originals";

export type Imported =
  | { readonly outcome: "known" }
  /** The source has the same file at another place as well. */
  | { readonly outcome: "twice"; readonly earlier: SourceItem }
  | {
      readonly outcome: "added";
      /** SHA-256 of the file as it came. */
      readonly original: string;
      /** Where it lies now, relative to the data set's folder. */
      readonly originalFile: string;
      readonly fileName: string;
      readonly entry: ItemEntry;
      readonly notes: readonly string[];
    };

export interface ImportTools {
  readonly datasetDir: string;
  readonly index: DatasetIndex;
  readonly budget: PixelBudget;
  readonly guard: GoldenGuard;
  readonly defaults: ImportDefaults;
  /** The item of this import that has each original; filled as originals are read. */
  readonly claimed: Map<string, SourceItem>;
}

/**
 * Puts one picture and its original into the data set's folder; its line is for the caller to write.
 * @throws UserError one sentence, without the file's name, where the picture or its description is not usable.
 */
export async function importPicture(item: SourceItem, tools: ImportTools): Promise<Imported> {
  const { datasetDir, index, budget, guard, defaults, claimed } = tools;
  const source = await originalOf(item);
  if (index.hasOriginal(source.sha256)) return { outcome: "known" };
  const earlier = claimed.get(source.sha256);
  if (earlier) return { outcome: "twice", earlier };
  claimed.set(source.sha256, item);
  const pixels = await pixelsOf(source.picture);
  const picture = await budget.spend(pixels, () => bakePicture(source.picture));
  const sha256 = sha256Of(picture.bytes);
  if (await index.samePicture(sha256, picture.bytes)) return { outcome: "known" };
  const entry = entryOfItem(item, picture, defaults);
  // What is judged by without being golden may be whatever it likes; what is learnt from may not.
  const learnt = entry.split === undefined || entry.split === "train";
  const golden = learnt
    ? await budget.spend(pixels, () => guard.reasonFor(picture.bytes, entry.scene))
    : undefined;
  const wantedOriginal = `${ORIGINALS}/${source.sha256}.${source.extension ?? picture.originalExtension}`;
  const originalFile = await placeFile(datasetDir, wantedOriginal, source.bytes);
  const wanted = `${entry.label}/${fileSlug(nameOf(item))}-${sha256.slice(0, 12)}.${picture.extension}`;
  const fileName = await placeFile(datasetDir, wanted, picture.bytes);
  return {
    outcome: "added",
    original: source.sha256,
    originalFile,
    fileName,
    entry: {
      ...entry,
      split: golden === undefined ? entry.split : "golden",
      extra: {
        ...entry.extra,
        original: { file: originalFile, sha256: source.sha256, name: source.name },
      },
    },
    notes: golden === undefined ? picture.notes : [...picture.notes, golden],
  };
}

interface Original {
  /** The file as it came first. */
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly name: string;
  /** Undefined where only decoding tells. */
  readonly extension?: string;
  /** What the source made of it; mostly the same. */
  readonly picture: Buffer;
}

/** A data set of ours brings the originals of its pictures along: they, not what was made of them, are kept. */
async function originalOf(item: SourceItem): Promise<Original> {
  const picture = await readBounded(item.path);
  const brought = item.extra?.["original"] as
    | { file?: unknown; sha256?: unknown; name?: unknown }
    | undefined;
  if (typeof brought?.file === "string" && typeof brought.sha256 === "string") {
    const folder = item.place.replace(/:\d+$/, "");
    const path = join(dirname(folder), ORIGINALS, basename(brought.file));
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes && sha256Of(bytes) === brought.sha256) {
      const name = typeof brought.name === "string" ? brought.name : basename(path);
      return { bytes, sha256: brought.sha256, name, picture, extension: extname(path).slice(1) || "bin" };
    }
  }
  return { bytes: picture, sha256: sha256Of(picture), name: basename(item.path), picture };
}

async function readBounded(path: string): Promise<Buffer> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UserError("there is no such file");
  if (found.size > MAX_PICTURE_BYTES) {
    throw new UserError(`the picture has ${found.size} bytes, at most ${MAX_PICTURE_BYTES} are allowed`);
  }
  return await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`the file cannot be read (${cause.code}): look at its permissions`, { cause });
  });
}

/** A guess for the budget; what is no picture is found out later, with its reason. */
async function pixelsOf(bytes: Buffer): Promise<number> {
  try {
    const { width, height, isProgressive } = await sharp(bytes).metadata();
    // Before the last scan of a progressive JPEG nothing of it can be let go.
    return Math.max(1, width * height) * (isProgressive ? 2 : 1);
  } catch {
    return 1;
  }
}

/** The file's own name, as far as it says something: an earlier import's hash at its end is not added up. */
function nameOf({ path }: SourceItem): string {
  return stemOf(path).replace(/(?:-[0-9a-f]{12})+(?:-\d+)?$/, "") || "picture";
}
