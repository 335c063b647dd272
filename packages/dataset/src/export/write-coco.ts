import { relative } from "node:path/posix";
import { particularsOf } from "../formats/particulars.ts";
import { bySplit, type ExportedPicture, type ExportFormat } from "./export-plan.ts";

const FOLDER = "images";

/** COCO: annotations/instances_SPLIT.json; file names are relative to images/. */
export const coco: ExportFormat = {
  folderOf: ({ label }) => `${FOLDER}/${label}`,
  write: (pictures, { labels }) =>
    bySplit(pictures).map(([split, members]) => ({
      file: `annotations/instances_${split}.json`,
      text: `${JSON.stringify(cocoOf(members, labels))}\n`,
    })),
};

function cocoOf(pictures: readonly ExportedPicture[], labels: readonly string[]): object {
  const inBoxes = pictures.flatMap(({ entry }) => entry.objects?.map(({ label }) => label) ?? []);
  const names = [...new Set([...labels, ...inBoxes])].sort();
  const idOf = new Map(names.map((name, at) => [name, at + 1]));
  let annotationId = 0;
  return {
    info: { description: "exported by followspot" },
    categories: names.map((name, at) => ({ id: at + 1, name, supercategory: "" })),
    images: pictures.map(({ entry, file, size }, at) => ({
      id: at + 1,
      file_name: relative(FOLDER, file),
      width: size.width,
      height: size.height,
      followspot: particularsOf(entry),
    })),
    annotations: pictures.flatMap(({ entry }, at) =>
      (entry.objects ?? []).map(({ label, box }) => ({
        id: ++annotationId,
        image_id: at + 1,
        category_id: idOf.get(label),
        bbox: [box.left, box.top, box.width, box.height],
        area: box.width * box.height,
        iscrowd: 0,
        segmentation: [],
      })),
    ),
  };
}
