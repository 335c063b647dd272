import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { UserError } from "@followspot/domain";
import { METADATA } from "../metadata-line.ts";
import { readCoco } from "./read-coco.ts";
import { type ConversationOptions, readConversations } from "./read-conversations.ts";
import { readFolders } from "./read-folders.ts";
import { readImagefolder } from "./read-imagefolder.ts";
import { readVoc } from "./read-voc.ts";
import { SourceFolder } from "./source-folder.ts";
import type { Format } from "./format-names.ts";
import type { Source } from "./source-item.ts";

/** Records have lists of turns, or query and response; LLaMA-Factory's dataset_info.json only names the columns. */
const CONVERSATION = /"(?:conversations|messages)"\s*:\s*\[|"query"\s*:\s*"/;
/** How much of a JSON file is looked at to tell what it is. */
const HEAD = 65_536;

/**
 * Finds out which format a folder, or one annotation file, is of, and reads what it says about its pictures.
 * @throws UserError where there is nothing of this format.
 */
export async function openSource(
  path: string,
  { format = "auto", ...options }: { readonly format?: Format | "auto" } & ConversationOptions = {},
): Promise<Source> {
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new UserError(`${path} does not exist: name a folder with pictures, or an annotation file`);
  const one = found.isFile() ? basename(path) : undefined;
  const folder = await SourceFolder.open(resolve(one === undefined ? path : dirname(path)));
  const files = one === undefined ? folder.files.filter((file) => !file.startsWith("originals/")) : [one];
  const kinds = await sort(folder, files);
  const chosen = format === "auto" ? guess(kinds) : format;
  const table = files.find((file) => basename(file) === "metadata.csv");
  if (table !== undefined && format === "auto" && chosen === "folders") {
    throw new UserError(
      `${folder.path(table)} is not read: write it as metadata.jsonl, or give --format folders to go by the folders alone`,
    );
  }
  const source = await read(chosen, folder, kinds, options);
  if (source.items.length === 0 && source.problems.length === 0) {
    throw new UserError(
      format === "auto"
        ? `${path}: there are no pictures in it; name the folder that they lie in`
        : `${path}: there is nothing of the format ${chosen} in it; name another --format`,
    );
  }
  return source;
}

type Kinds = Readonly<Record<Exclude<Format, "folders">, readonly string[]>>;

function guess(kinds: Kinds): Format {
  const formats = ["imagefolder", "coco", "voc", "ms-swift", "sharegpt", "llava"] as const;
  return formats.find((format) => kinds[format].length > 0) ?? "folders";
}

async function read(
  format: Format,
  folder: SourceFolder,
  kinds: Kinds,
  options: ConversationOptions,
): Promise<Source> {
  switch (format) {
    case "folders":
      return await readFolders(folder);
    case "imagefolder":
      return await readImagefolder(folder);
    case "coco":
      return await readCoco(folder, kinds.coco);
    case "voc":
      return await readVoc(folder, kinds.voc);
    default: {
      // Their records are told apart by custom more than by form: the format that was asked for is read from any.
      const files =
        kinds[format].length > 0 ? kinds[format] : [...kinds.llava, ...kinds.sharegpt, ...kinds["ms-swift"]];
      return await readConversations(folder, files, format, options);
    }
  }
}

/** Which files could be annotations of which format, by name and by how they begin. */
async function sort(folder: SourceFolder, files: readonly string[]): Promise<Kinds> {
  const kinds = {
    imagefolder: [] as string[],
    coco: [] as string[],
    voc: [] as string[],
    llava: [] as string[],
    sharegpt: [] as string[],
    "ms-swift": [] as string[],
  };
  for (const file of files) {
    if (basename(file) === METADATA) kinds.imagefolder.push(file);
    else if (file.endsWith(".xml")) kinds.voc.push(file);
    else if (/\.jsonl?$/.test(file)) {
      const format = await formatOfJson(folder, file);
      if (format) kinds[format].push(file);
    }
  }
  return kinds;
}

async function formatOfJson(
  folder: SourceFolder,
  file: string,
): Promise<"coco" | "llava" | "sharegpt" | "ms-swift" | undefined> {
  const text = (await folder.readText(file)).trimStart();
  const head = text.slice(0, HEAD);
  if (CONVERSATION.test(head)) {
    if (/"image"\s*:/.test(head) && /"conversations"\s*:/.test(head)) return "llava";
    return head.startsWith("[") ? "sharegpt" : "ms-swift";
  }
  if (head.startsWith("{") && /"images"\s*:\s*\[/.test(text) && /"(?:annotations|categories)"\s*:/.test(text))
    return "coco";
  return undefined;
}
