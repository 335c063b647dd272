import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { UserError } from "@followspot/domain";
import { bakePicture } from "../bake/bake-picture.ts";
import { DEFAULT_MAX_PIXELS } from "../formats/box-coordinates.ts";
import type { BoxStyle, Format } from "../formats/format-names.ts";
import { type DatasetPicture, readDataset } from "../read-dataset.ts";
import type { ExportedPicture, ExportFormats } from "./export-plan.ts";
import { coco } from "./write-coco.ts";
import { llava, msSwift, sharegpt } from "./write-conversations.ts";
import { folders } from "./write-folders.ts";
import { imagefolder } from "./write-imagefolder.ts";
import { voc } from "./write-voc.ts";

const WRITERS: ExportFormats = { folders, imagefolder, coco, voc, llava, sharegpt, "ms-swift": msSwift };
/** How the models that these formats mostly train are taught to write boxes. */
const CONVERSATIONS: Partial<Record<Format, BoxStyle>> = {
  llava: "qwen2-vl",
  sharegpt: "qwen2-vl",
  "ms-swift": "pixels",
};

export interface ExportRequest {
  readonly datasetDir: string;
  /** Must be empty, or not be there yet. */
  readonly to: string;
  readonly format: Format;
  /** Only of formats that are conversations. */
  readonly boxes?: BoxStyle | undefined;
  readonly maxPixels?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface ExportReport {
  readonly format: Format;
  readonly pictures: number;
  /** The text files that were written beside the pictures, relative to the folder. */
  readonly files: number;
  /** What the format has no place for; undefined where everything found its place. */
  readonly loses: string | undefined;
}

/**
 * Writes a data set in the format of others. Pictures are copied as they are; what of EXIF is left in them does not
 * go out of the house.
 * @throws UserError where the folder is not empty, or a picture cannot be read.
 */
export async function exportDataset(request: ExportRequest): Promise<ExportReport> {
  const { datasetDir, to, format } = request;
  const usual = CONVERSATIONS[format];
  if (request.boxes && !usual) {
    throw new UserError(`--boxes is for ${Object.keys(CONVERSATIONS).join(", ")}: ${format} has its own way`);
  }
  const dataset = await readDataset(datasetDir);
  await refuseFull(to);
  const writer = WRITERS[format];
  const taken = new Set<string>();
  const pictures: ExportedPicture[] = [];
  for (const picture of dataset.pictures) {
    request.signal?.throwIfAborted();
    const baked = await bakePicture(await readFile(picture.path)).catch((cause: unknown) => {
      if (!(cause instanceof UserError)) throw cause;
      throw new UserError(`${picture.place}: ${picture.path}: ${cause.message}`, { cause });
    });
    const folder = writer.folderOf(picture);
    const stem = freeStem(taken, writer.flat ? "" : folder, stemFor(picture, writer.flat));
    const file = `${folder}/${stem}.${baked.extension}`;
    await mkdir(join(to, folder), { recursive: true });
    await writeFile(join(to, file), baked.bytes, { flag: "wx" });
    const { path: _, place: __, ...entry } = picture;
    pictures.push({ entry, file, size: { width: baked.width, height: baked.height } });
    request.onProgress?.(pictures.length, dataset.pictures.length);
  }
  const files = writer.write(pictures, {
    labels: dataset.labels,
    boxes: request.boxes ?? usual ?? "pixels",
    maxPixels: request.maxPixels ?? DEFAULT_MAX_PIXELS,
  });
  for (const { file, text } of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await writeFile(join(to, file), text, { flag: "wx" });
  }
  return { format, pictures: pictures.length, files: files.length, loses: writer.loses };
}

async function refuseFull(to: string): Promise<void> {
  const there = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") throw new UserError(`${to} is a file; name a new folder`);
    throw error;
  });
  if (there.length > 0) {
    throw new UserError(`${to} is not empty, and nothing is written over; name a new folder`);
  }
}

/** Where all pictures come to lie in one folder, the folder that one lay in says whose it is. */
function stemFor({ fileName }: DatasetPicture, flat: boolean | undefined): string {
  const name = flat ? fileName.replaceAll(/[/\\]/g, "-") : basename(fileName);
  return name.slice(0, name.length - extname(name).length).replace(/^[.-]+/, "") || "picture";
}

/** Stems, not names, must differ: captions and annotations are files of the same stem. Upper case is no difference. */
function freeStem(taken: Set<string>, folder: string, stem: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? stem : `${stem}-${number}`;
    const key = `${folder}/${candidate}`.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return candidate;
  }
}
