import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import type { BakedPicture } from "../bake/bake-picture.ts";
import { idSlug } from "../file-slug.ts";
import { boxOf, type Corners, fromUnit, type Size, turnUpright } from "../formats/box-coordinates.ts";
import type { SourceItem } from "../formats/source-item.ts";
import type { LabelledBox, MetadataColumns, PictureEntry } from "../metadata-line.ts";

/** What the source does not say. */
export interface ImportDefaults {
  /** Kinds of the cast's members, by id. */
  readonly kinds?: ReadonlyMap<string, "character" | "prop"> | undefined;
  /** For names that the cast does not have. */
  readonly kind?: PictureEntry["kind"] | undefined;
  readonly name?: string | undefined;
  readonly scene?: string | undefined;
}

export type ItemEntry = Omit<MetadataColumns, "fileName">;

/**
 * The metadata of one picture, in our words: names as ids, boxes in pixels of the upright picture.
 * @throws UserError one sentence, without the place.
 */
export function entryOfItem(item: SourceItem, picture: BakedPicture, defaults: ImportDefaults): ItemEntry {
  const boxes = objectsOf(item, picture);
  const subject = subjectOf(item, boxes, defaults);
  return {
    ...subject,
    scene: item.scene ?? defaults.scene,
    caption: item.caption,
    split: item.split,
    objects: boxes,
    extra: { ...item.extra, ...(subject.kind === "unknown" ? unknownName(item) : {}) },
  };
}

function subjectOf(
  item: SourceItem,
  boxes: readonly LabelledBox[] | undefined,
  defaults: ImportDefaults,
): Pick<ItemEntry, "kind" | "label"> {
  // A name that was given, else whoever has the largest box.
  const named = item.name ?? largest(boxes) ?? (item.kind === "unknown" ? undefined : defaults.name);
  const label = named === undefined ? undefined : idSlug(named);
  const kind =
    item.kind ?? (label === UNKNOWN_LABEL ? "unknown" : (defaults.kinds?.get(label ?? "") ?? defaults.kind));
  if (kind === "unknown") return { kind, label: UNKNOWN_LABEL };
  if (label === undefined || label === UNKNOWN_LABEL) {
    throw new UserError(
      named === undefined
        ? "nothing says who is in the picture; give --name, or --kind unknown"
        : `"${named}" cannot be made an id of the cast list; rename it`,
    );
  }
  return { kind: kind ?? "character", label };
}

/** What a stranger is called is worth keeping; it is no label. */
function unknownName({ name }: SourceItem): { readonly name?: string } {
  const id = name === undefined ? undefined : idSlug(name);
  return id === undefined || id === UNKNOWN_LABEL ? {} : { name: id };
}

function largest(boxes: readonly LabelledBox[] | undefined): string | undefined {
  const area = ({ box }: LabelledBox): number => box.width * box.height;
  const cast = boxes?.filter(({ label }) => label !== UNKNOWN_LABEL) ?? [];
  return cast.toSorted((one, other) => area(other) - area(one))[0]?.label ?? boxes?.[0]?.label;
}

function objectsOf(item: SourceItem, picture: BakedPicture): readonly LabelledBox[] | undefined {
  const upright = { width: picture.width, height: picture.height };
  const turn = turningOf(item, picture);
  return item.boxes?.map(({ name, corners }, at) => {
    const label = idSlug(name);
    if (label === undefined) throw new UserError(`box ${at + 1}: "${name}" cannot be made an id; rename it`);
    const inPixels = item.unit ? fromUnit(corners, upright, item.unit) : corners;
    return { label, box: boxOf(checked(turn(inPixels), upright, at)) };
  });
}

/** The size that the source gives tells whether its boxes were drawn on the pixels as they lie in the file. */
function turningOf({ size, boxes }: SourceItem, picture: BakedPicture): (corners: Corners) => Corners {
  if (!size || !boxes || boxes.length === 0) return (corners) => corners;
  const { width, height, orientation } = picture;
  if (size.width === width && size.height === height) return (corners) => corners;
  if (size.width === height && size.height === width && orientation >= 5) {
    return (corners) => turnUpright(corners, size, orientation);
  }
  throw new UserError(
    `the annotation is for ${size.width} x ${size.height} pixels, but the picture is ${width} x ${height}: its boxes would be wrong; export both again`,
  );
}

/** Boxes may stick out of the picture, as they do where a person drew them, but not lie beside it. */
function checked(corners: Corners, { width, height }: Size, at: number): Corners {
  const [x1, y1, x2, y2] = corners;
  if (x2 > x1 && y2 > y1 && x2 > 0 && y2 > 0 && x1 < width && y1 < height) return corners;
  throw new UserError(
    `box ${at + 1} (${corners.join(", ")}) has no part in the picture of ${width} x ${height} pixels: draw it again`,
  );
}
