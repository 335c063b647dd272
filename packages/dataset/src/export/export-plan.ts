import type { BoxStyle, Format } from "../formats/format-names.ts";
import type { Size } from "../formats/box-coordinates.ts";
import type { PictureEntry } from "../metadata-line.ts";

/** A picture that lies in the export already. */
export interface ExportedPicture {
  readonly entry: PictureEntry;
  /** Relative to the export's folder. */
  readonly file: string;
  readonly size: Size;
}

/** A text file of the export. */
export interface ExportedFile {
  readonly file: string;
  readonly text: string;
}

export interface WriteOptions {
  /** Every id of the data set, sorted. */
  readonly labels: readonly string[];
  readonly boxes: BoxStyle;
  readonly maxPixels: number;
}

export interface ExportFormat {
  /** The folder of the export that the picture goes to. */
  readonly folderOf: (entry: PictureEntry) => string;
  /** Whether pictures of different folders must differ in their names too. */
  readonly flat?: boolean;
  readonly write: (pictures: readonly ExportedPicture[], options: WriteOptions) => readonly ExportedFile[];
  /** What the format has no place for. */
  readonly loses?: string;
}

export type ExportFormats = Readonly<Record<Format, ExportFormat>>;

/** What is in no split may be trained on; a golden picture must never get there. */
export function splitOf({ split }: PictureEntry): "train" | "test" | "golden" {
  return split ?? "train";
}

export function bySplit(
  pictures: readonly ExportedPicture[],
): readonly (readonly ["train" | "test" | "golden", readonly ExportedPicture[]])[] {
  return [...Map.groupBy(pictures, ({ entry }) => splitOf(entry))];
}
