import { dirname } from "node:path";
import { type SourceFolder, splitOfPath } from "./source-folder.ts";
import type { Source, SourceItem } from "./source-item.ts";

const MAX_CAPTION_BYTES = 16_384;

/**
 * An image folder per name: NAME/picture.jpg, or NAME/SCENE/picture.jpg. A text file of the same name beside a
 * picture is its caption. Pictures that lie outside of any folder have no name. Where all that is there are folders
 * of splits with folders in them, as train/NAME/picture.jpg, these are the names.
 */
export async function readFolders(folder: SourceFolder): Promise<Source> {
  const items: SourceItem[] = [];
  const splits = foldersOfSplits(folder.pictures);
  for (const file of folder.pictures) {
    const folders = dirname(file) === "." ? [] : dirname(file).split("/");
    const [name, ...scene] = splits ? folders.slice(1) : folders;
    items.push({
      path: folder.path(file),
      place: folder.path(file),
      ...(name === undefined ? {} : { name }),
      ...(scene.length > 0 ? { scene: scene.join("/") } : {}),
      ...(splits ? { split: splitOfPath(`${folders[0]}/picture`) } : {}),
      caption: await captionBeside(folder, file),
    });
  }
  return { format: "folders", items, problems: [], notes: splits ? [noteOn(splits)] : [] };
}

/** The outermost folders, where each of them is called as a split is and has nothing but folders in it. */
function foldersOfSplits(pictures: readonly string[]): readonly string[] | undefined {
  const outermost = [...new Set(pictures.map((file) => file.split("/")[0] as string))];
  const deep = pictures.every((file) => file.split("/").length > 2);
  const named = outermost.every((name) => splitOfPath(`${name}/picture`) !== undefined);
  return deep && named && outermost.length > 0 ? outermost : undefined;
}

function noteOn(splits: readonly string[]): string {
  const what = splits.length === 1 ? "the folder" : "the folders";
  const were = splits.length === 1 ? "was taken for a split" : "were taken for splits";
  return `${what} ${splits.join(", ")} ${were}, and those in it for names; rename it where it is a name`;
}

async function captionBeside(folder: SourceFolder, file: string): Promise<string | undefined> {
  const beside = file.replace(/\.[^./]+$/, ".txt");
  if (!folder.has(beside)) return undefined;
  return (await folder.readText(beside, MAX_CAPTION_BYTES)).trim() || undefined;
}
