import type { PictureEntry, Split } from "../metadata-line.ts";
import type { BoxUnit, Corners, Size } from "./box-coordinates.ts";
import type { Format } from "./format-names.ts";

export interface SourceBox {
  /** As it is written in the source. */
  readonly name: string;
  readonly corners: Corners;
}

/** One picture as its source describes it; nothing of it is decoded or checked against the file yet. */
export interface SourceItem {
  /** The picture's file. */
  readonly path: string;
  /** Where it is described, for messages: a file, with line or entry. */
  readonly place: string;
  /** Undefined where the source does not know: the cast list or the person says. */
  readonly kind?: PictureEntry["kind"] | undefined;
  /** As it is written in the source; undefined where it says nothing. */
  readonly name?: string | undefined;
  readonly scene?: string | undefined;
  readonly caption?: string | undefined;
  readonly split?: Split | undefined;
  /** Undefined where nobody framed the picture. */
  readonly boxes?: readonly SourceBox[] | undefined;
  readonly unit?: BoxUnit | undefined;
  /** The size that the source gives for the picture: it tells whether boxes belong to the upright picture. */
  readonly size?: Size | undefined;
  /** Further columns. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** For a field that names a picture which the source does not have, or not within it. */
export function noPicture(field: string, named: string): string {
  return `${field}: there is no picture ${named} in the source; add it, or take the entry out`;
}

/** Something of the source that cannot be taken over, as a sentence that begins with its place. */
export interface SourceProblem {
  readonly place: string;
  readonly message: string;
}

export interface Source {
  readonly format: Format;
  readonly items: readonly SourceItem[];
  readonly problems: readonly SourceProblem[];
  /** What the reader took for granted; shown once. */
  readonly notes: readonly string[];
}
