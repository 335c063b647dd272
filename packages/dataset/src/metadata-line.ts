import { ID_PATTERN, ID_RULE, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { z } from "zod";
import { firstIssue, inWords } from "./in-words.ts";

export const METADATA = "metadata.jsonl";

/** A box in pixels of the upright picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One subject that a person has framed. `label` is a cast id, or "unknown" for what belongs to nobody. */
export interface LabelledBox {
  readonly label: string;
  readonly box: Box;
}

/** A golden picture is for judging only: it never enters training, by whatever way it comes. */
export const SPLITS = ["train", "test", "golden"] as const;
export type Split = (typeof SPLITS)[number];

/** One line of metadata.jsonl. */
export interface PictureEntry {
  /** Relative to the data set's folder. */
  readonly fileName: string;
  readonly kind: "character" | "prop" | "unknown";
  /** The cast id of the subject, or "unknown". */
  readonly label: string;
  /** Where it was photographed. Pictures without a scene are scenes of their own. */
  readonly scene: string | undefined;
  readonly caption: string | undefined;
  /** What the picture may be used for; undefined where nobody has split the data set. */
  readonly split: Split | undefined;
  /** Undefined where nobody framed the picture; otherwise everything of the cast that is in it. */
  readonly objects: readonly LabelledBox[] | undefined;
  /** Columns that are nobody's business here, kept as they are; also the name of an unknown subject. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const id = z.string().regex(ID_PATTERN, `must consist of ${ID_RULE}`);
const pixels = z.number().finite().min(-100_000).max(100_000);
const bbox = z.tuple([pixels, pixels, pixels.positive(), pixels.positive()]);

// Further columns are allowed: imagefolder lets everyone bring their own.
const Line = z.looseObject({
  file_name: z.string().min(1).max(1_024),
  kind: z.enum(["character", "prop", "unknown"]),
  name: id.nullish(),
  scene: z.string().max(256).nullish(),
  caption: z.string().max(4_096).nullish(),
  split: z.enum(SPLITS).nullish(),
  objects: z.object({ bbox: z.array(bbox).max(256), categories: z.array(id).max(256) }).nullish(),
});

/**
 * @param place what to call the line in an error, as file:line.
 * @throws UserError naming the place, the field and what it should be.
 */
export function parseMetadataLine(text: string, place: string): PictureEntry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${place}: this line is not JSON; every line must be one JSON object`, { cause });
  }
  const result = Line.safeParse(json, { error: inWords });
  if (!result.success) {
    throw new UserError(`${place}: ${firstIssue(result.error, "the line")}`);
  }
  const { file_name: fileName, kind, name, scene, caption, split, objects, ...others } = result.data;
  const extra = kind === "unknown" && name && name !== UNKNOWN_LABEL ? { name, ...others } : others;
  if (kind !== "unknown" && (!name || name === UNKNOWN_LABEL)) {
    throw new UserError(`${place}: name: a ${kind} needs the id that it has in the cast list`);
  }
  if (objects && objects.bbox.length !== objects.categories.length) {
    throw new UserError(
      `${place}: objects: ${objects.bbox.length} boxes but ${objects.categories.length} categories; they go in pairs`,
    );
  }
  return {
    fileName,
    kind,
    label: kind === "unknown" ? UNKNOWN_LABEL : (name ?? UNKNOWN_LABEL),
    scene: scene ?? undefined,
    caption: caption ?? undefined,
    split: split ?? undefined,
    objects: objects?.bbox.map(([left, top, width, height], at) => ({
      label: objects.categories[at] ?? UNKNOWN_LABEL,
      box: { left, top, width, height },
    })),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

/** What a line is made of; what is undefined is left out of it. */
export type MetadataColumns = Pick<PictureEntry, "fileName" | "kind" | "label"> & {
  readonly [Key in "scene" | "caption" | "split" | "objects" | "extra"]?: PictureEntry[Key] | undefined;
};

/** The line that parseMetadataLine reads as this entry. */
export function formatMetadataLine(entry: MetadataColumns): string {
  const { fileName, kind, label, scene, caption, split, objects, extra } = entry;
  const boxes = objects && {
    bbox: objects.map(({ box }) => [box.left, box.top, box.width, box.height]),
    categories: objects.map((object) => object.label),
  };
  const name = kind === "unknown" ? undefined : label;
  const line = { file_name: fileName, kind, name, scene, caption, split, objects: boxes };
  const given = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
  // Last, but never over what the fields say.
  return JSON.stringify({ ...given, ...Object.fromEntries(furtherColumns(extra, given)) });
}

function furtherColumns(extra: PictureEntry["extra"], given: object): [string, unknown][] {
  return Object.entries(extra ?? {}).filter(([column]) => !Object.hasOwn(given, column));
}
