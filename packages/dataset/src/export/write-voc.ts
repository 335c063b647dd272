import { basename } from "node:path/posix";
import { type Size, wholeSpan } from "../formats/box-coordinates.ts";
import { particularsOf } from "../formats/particulars.ts";
import { stemOf } from "../formats/source-folder.ts";
import type { LabelledBox } from "../metadata-line.ts";
import { bySplit, type ExportedPicture, type ExportFormat } from "./export-plan.ts";

/** Pascal VOC: whole pixels, counted from 1, the last one within the box. */
export const voc: ExportFormat = {
  folderOf: () => "JPEGImages",
  flat: true,
  write: (pictures) => [
    ...pictures.map((picture) => ({
      file: `Annotations/${stemOf(picture.file)}.xml`,
      text: annotation(picture),
    })),
    ...bySplit(pictures).map(([split, members]) => ({
      file: `ImageSets/Main/${split}.txt`,
      text: members.map(({ file }) => `${stemOf(file)}\n`).join(""),
    })),
  ],
  loses: "parts of pixels in boxes, and what of them lies outside of the picture",
};

function annotation({ entry, file, size }: ExportedPicture): string {
  return `<annotation>
\t<folder>JPEGImages</folder>
\t<filename>${escape(basename(file))}</filename>
\t<source><database>followspot</database></source>
\t<size><width>${size.width}</width><height>${size.height}</height><depth>3</depth></size>
\t<segmented>0</segmented>
\t<followspot>${escape(JSON.stringify(particularsOf(entry)))}</followspot>
${(entry.objects ?? []).map((object) => objectElement(object, size)).join("")}</annotation>
`;
}

function objectElement({ label, box }: LabelledBox, { width, height }: Size): string {
  const [xmin, xmax] = wholePixels(box.left, box.left + box.width, width);
  const [ymin, ymax] = wholePixels(box.top, box.top + box.height, height);
  return `\t<object>
\t\t<name>${escape(label)}</name>
\t\t<pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>
\t\t<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>
\t</object>
`;
}

/** The first and the last pixel, counted from 1. */
function wholePixels(from: number, to: number, side: number): [number, number] {
  const [first, end] = wholeSpan(from, to, 1, side);
  return [first + 1, end];
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
