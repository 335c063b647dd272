import { basename, dirname } from "node:path";
import { z } from "zod";
import { firstIssue, inWords } from "../in-words.ts";
import { METADATA, SPLITS } from "../metadata-line.ts";
import type { Corners } from "./box-coordinates.ts";
import { type SourceFolder, splitOfPath } from "./source-folder.ts";
import { noPicture, type Source, type SourceItem, type SourceProblem } from "./source-item.ts";

const text = z.string().max(4_096);
const number = z.number().finite();

// More forgiving than our own reader: what others write is made ours.
const Line = z.looseObject({
  file_name: z.string().min(1).max(1_024),
  kind: z.enum(["character", "prop", "unknown"]).nullish(),
  name: text.nullish(),
  label: z.union([text, number]).nullish(),
  scene: text.nullish(),
  caption: text.nullish(),
  text: text.nullish(),
  split: z.enum(SPLITS).nullish(),
  objects: z
    .looseObject({
      bbox: z.array(z.tuple([number, number, number, number])).max(256),
      categories: z.array(z.union([text, number])).max(256),
    })
    .nullish(),
});

/** Pictures with metadata.jsonl beside them, at the root or in the folder of each split. */
export async function readImagefolder(folder: SourceFolder): Promise<Source> {
  const items: SourceItem[] = [];
  const problems: SourceProblem[] = [];
  for (const file of folder.files.filter((name) => basename(name) === METADATA)) {
    const lines = (await folder.readText(file)).split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const place = `${folder.path(file)}:${index + 1}`;
      const item = readLine(folder, file, line, place);
      if ("message" in item) problems.push(item);
      else items.push(item);
    }
  }
  return { format: "imagefolder", items, problems, notes: [] };
}

function readLine(
  folder: SourceFolder,
  file: string,
  line: string,
  place: string,
): SourceItem | SourceProblem {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { place, message: "this line is not JSON; every line must be one JSON object" };
  }
  const result = Line.safeParse(json, { error: inWords });
  if (!result.success) {
    return { place, message: firstIssue(result.error, "the line") };
  }
  const { file_name: fileName, kind, name, scene, caption, split, objects, ...columns } = result.data;
  const found = folder.find(fileName, dirname(file));
  if (found === undefined) return { place, message: noPicture("file_name", fileName) };
  if (objects && objects.bbox.length !== objects.categories.length) {
    return {
      place,
      message: `objects: ${objects.bbox.length} boxes but ${objects.categories.length} categories; they go in pairs`,
    };
  }
  const { label, text: words, ...extra } = columns;
  // A line that says `split` means it, also where it says null; otherwise the folder's name does.
  const said = Object.hasOwn(result.data, "split");
  return {
    path: folder.path(found),
    place,
    kind: kind ?? undefined,
    name: name ?? label?.toString() ?? (kind === "unknown" ? undefined : parentOf(folder, file, found)),
    scene: scene ?? undefined,
    caption: caption ?? words ?? undefined,
    split: said ? (split ?? undefined) : splitOfPath(found),
    boxes: objects?.bbox.map(([left, top, width, height], at) => ({
      name: String(objects.categories[at]),
      corners: [left, top, left + width, top + height] as Corners,
    })),
    extra,
  };
}

/** The folder of the picture, where it is not that of metadata.jsonl or of a split: imagefolder's own class name. */
function parentOf(folder: SourceFolder, file: string, found: string): string | undefined {
  const parent = dirname(found);
  if (parent === dirname(file) || splitOfPath(`${basename(parent)}/x`) !== undefined) return undefined;
  return folder.has(`${parent}/${METADATA}`) ? undefined : basename(parent);
}
