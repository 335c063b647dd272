import { access, readdir, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { readDataset } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import type { PictureToLookAt } from "../processes/recognizing.ts";
import { renderStagePictures } from "../stage-pictures.ts";

const PICTURE_TYPES = [".jpg", ".jpeg", ".png", ".webp"];
const MOST_SUBJECTS = 3;
const MAX_FILES = 100_000;

/** Pictures of the sample show with one to three subjects, rendered into `dir` and spread over the whole show. */
export async function renderToFiles(
  dir: string,
  { atMost, everyMs }: { readonly atMost: number; readonly everyMs: number },
): Promise<PictureToLookAt[]> {
  const pictures: PictureToLookAt[] = [];
  for await (const { timeMs, jpeg, objects } of renderStagePictures({ everyMs, atMost: MOST_SUBJECTS })) {
    const file = join(dir, `stage-${timeMs}.jpg`);
    await writeFile(file, jpeg);
    pictures.push({ file, boxes: objects.map(({ box }) => box) });
  }
  return spread(pictures, atMost);
}

/**
 * Pictures of a folder and the folders in it; with their boxes where it is a data set.
 * @throws UserError where there are none.
 */
export async function findPictures(dir: string, atMost: number): Promise<PictureToLookAt[]> {
  const pictures = (await hasMetadata(dir))
    ? (await readDataset(dir)).pictures.map(({ path, objects }) => ({
        file: path,
        boxes: objects?.map(({ box }) => box),
      }))
    : await findFiles(dir);
  if (pictures.length === 0) throw new UserError(`${dir} holds no pictures (${PICTURE_TYPES.join(", ")})`);
  return spread(pictures, atMost);
}

async function hasMetadata(dir: string): Promise<boolean> {
  return await access(join(dir, "metadata.jsonl")).then(
    () => true,
    () => false,
  );
}

async function findFiles(dir: string): Promise<PictureToLookAt[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new UserError(`${dir} cannot be read: give a folder of pictures`, { cause });
  });
  if (entries.length > MAX_FILES) throw new UserError(`${dir} holds more than ${MAX_FILES} files`);
  return entries
    .filter((entry) => entry.isFile() && PICTURE_TYPES.includes(extname(entry.name).toLowerCase()))
    .map((entry) => ({ file: join(entry.parentPath, entry.name), boxes: undefined }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** At most so many, evenly from first to last. */
function spread<T>(all: readonly T[], atMost: number): T[] {
  if (all.length <= atMost) return [...all];
  return Array.from({ length: atMost }, (_, index) => all[Math.floor((index * all.length) / atMost)] as T);
}
