import { dirname } from "node:path";
import type { SourceFolder } from "./source-folder.ts";
import type { Source, SourceItem } from "./source-item.ts";

const MAX_CAPTION_BYTES = 16_384;

/**
 * An image folder per name: NAME/picture.jpg, or NAME/SCENE/picture.jpg. A text file of the same name beside a
 * picture is its caption. Pictures that lie outside of any folder have no name.
 */
export async function readFolders(folder: SourceFolder): Promise<Source> {
  const items: SourceItem[] = [];
  for (const file of folder.pictures) {
    const [name, ...scene] = dirname(file) === "." ? [] : dirname(file).split("/");
    items.push({
      path: folder.path(file),
      place: folder.path(file),
      ...(name === undefined ? {} : { name }),
      ...(scene.length > 0 ? { scene: scene.join("/") } : {}),
      caption: await captionBeside(folder, file),
    });
  }
  return { format: "folders", items, problems: [], notes: [] };
}

async function captionBeside(folder: SourceFolder, file: string): Promise<string | undefined> {
  const beside = file.replace(/\.[^./]+$/, ".txt");
  if (!folder.has(beside)) return undefined;
  return (await folder.readText(beside, MAX_CAPTION_BYTES)).trim() || undefined;
}
