import type { PictureEntry } from "../metadata-line.ts";
import type { ExportFormat } from "./export-plan.ts";

/** NAME/picture.jpg, or NAME/SCENE/picture.jpg, with the caption as a text file beside it. */
export const folders: ExportFormat = {
  folderOf: ({ label, scene }: PictureEntry) => [label, ...(scene ? safeFolders(scene) : [])].join("/"),
  write: (pictures) =>
    pictures.flatMap(({ entry, file }) =>
      entry.caption ? [{ file: file.replace(/\.[^./]+$/, ".txt"), text: `${entry.caption}\n` }] : [],
    ),
  loses: "kinds, boxes, splits and further columns",
};

/** No part of a scene's name leads elsewhere, hides, or has what file systems do not take. */
function safeFolders(scene: string): string[] {
  return scene
    .split("/")
    .map((part) =>
      part
        .replaceAll(/[\\:*?"<>|\p{Cc}]/gu, "-")
        .replace(/^\.+/, "-")
        .replace(/[. ]+$/, "")
        .trim(),
    )
    .filter((part) => part !== "")
    .slice(0, 4);
}
