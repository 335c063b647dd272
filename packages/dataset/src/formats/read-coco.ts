import { dirname } from "node:path";
import { z } from "zod";
import { firstIssue, inWords } from "../in-words.ts";
import type { Corners } from "./box-coordinates.ts";
import { fromParticulars, parseParticulars } from "./particulars.ts";
import { type SourceFolder, splitOfPath, stemOf } from "./source-folder.ts";
import {
  noPicture,
  type Source,
  type SourceBox,
  type SourceItem,
  type SourceProblem,
} from "./source-item.ts";

const MAX_ENTRIES = 1_000_000;
const id = z.union([z.number(), z.string()]);
const side = z.number().positive().finite();

export const CocoFile = z.looseObject({
  images: z
    .array(
      z.looseObject({
        id,
        file_name: z.string().min(1).max(1_024),
        width: side.nullish(),
        height: side.nullish(),
        followspot: z.unknown().optional(),
      }),
    )
    .max(MAX_ENTRIES),
  annotations: z.array(z.unknown()).max(MAX_ENTRIES).default([]),
  categories: z
    .array(z.looseObject({ id, name: z.string().max(256) }))
    .max(10_000)
    .default([]),
});

const Annotation = z.looseObject({
  image_id: id,
  category_id: id.nullish(),
  bbox: z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()]).nullish(),
  caption: z.string().max(4_096).nullish(),
});

/** Folders beside or above the annotations in which tools put the pictures. */
const PICTURE_FOLDERS = ["images", "..", "../images", "JPEGImages", "data"];

/** COCO's instances and captions: boxes are [left, top, width, height] in pixels. */
export async function readCoco(folder: SourceFolder, files: readonly string[]): Promise<Source> {
  const items: SourceItem[] = [];
  const problems: SourceProblem[] = [];
  for (const file of files) {
    const place = folder.path(file);
    const result = CocoFile.safeParse(await folder.readJson(file), { error: inWords });
    if (!result.success) {
      problems.push({ place, message: firstIssue(result.error, "the file") });
      continue;
    }
    readFileOf(folder, file, result.data, items, problems);
  }
  return {
    format: "coco",
    items,
    problems,
    notes: ["pictures without any box are taken as pictures of nobody of the cast"],
  };
}

function readFileOf(
  folder: SourceFolder,
  file: string,
  coco: z.infer<typeof CocoFile>,
  items: SourceItem[],
  problems: SourceProblem[],
): void {
  const nameOf = new Map(coco.categories.map((category) => [category.id, category.name]));
  const boxesOf = new Map<string | number, SourceBox[]>();
  const captionOf = new Map<string | number, string>();
  const known = new Set(coco.images.map((image) => image.id));
  for (const [at, annotation] of coco.annotations.entries()) {
    const place = `${folder.path(file)}: annotations.${at}`;
    const result = Annotation.safeParse(annotation, { error: inWords });
    if (!result.success) {
      problems.push({ place, message: firstIssue(result.error, "the entry") });
      continue;
    }
    const { image_id: image, category_id: category, bbox, caption } = result.data;
    if (!known.has(image)) {
      problems.push({
        place,
        message: `image_id: there is no image ${image}; add it, or take the annotation out`,
      });
      continue;
    }
    if (caption) captionOf.set(image, captionOf.get(image) ?? caption);
    if (!bbox) continue;
    const name = category === null || category === undefined ? undefined : nameOf.get(category);
    if (name === undefined) {
      problems.push({
        place,
        message: `category_id: there is no category ${category}; add it to the categories`,
      });
      continue;
    }
    const [left, top, width, height] = bbox;
    const boxes = boxesOf.get(image) ?? [];
    boxes.push({ name, corners: [left, top, left + width, top + height] as Corners });
    boxesOf.set(image, boxes);
  }
  // instances_val2017.json lies in annotations/, its pictures in val2017/ beside that.
  const byName = `../${stemOf(file).replace(/^[a-z]+_/, "")}`;
  for (const image of coco.images) {
    const place = `${folder.path(file)}: image ${image.id}`;
    const found = folder.find(image.file_name, dirname(file), [...PICTURE_FOLDERS, byName]);
    if (found === undefined) {
      problems.push({ place, message: noPicture("file_name", image.file_name) });
      continue;
    }
    const ours = parseParticulars(image["followspot"]);
    const boxes = boxesOf.get(image.id) ?? [];
    items.push({
      path: folder.path(found),
      place,
      ...(boxes.length === 0 ? { kind: "unknown" as const } : {}),
      caption: captionOf.get(image.id),
      split: splitOfPath(found) ?? splitOfPath(file),
      boxes: ours?.framed === false ? undefined : boxes,
      size: image.width && image.height ? { width: image.width, height: image.height } : undefined,
      ...(ours ? { split: undefined, ...fromParticulars(ours) } : {}),
    });
  }
}
