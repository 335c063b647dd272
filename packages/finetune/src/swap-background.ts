import type { Box, LabelledBox, Picture } from "@followspot/dataset";
import type { SeededRandom } from "@followspot/domain";
import { maskSubject } from "./subject-mask.ts";

/** A picture whose subjects are framed, all of them. */
export interface FramedPicture {
  readonly picture: Picture;
  readonly objects: readonly LabelledBox[];
}

/** Size of who is pasted, of what it was. */
const SMALLEST = 0.6;
const LARGEST = 1.05;
/** Places that are tried for each. */
const TRIES = 8;
/** Who is covered by more than this is no longer in the picture, as far as anybody can tell. */
const HIDDEN = 0.6;

/**
 * The subjects of one picture before the background of another, whose own subjects stay where they are. So nobody is
 * known by the place, and the place is known by nobody.
 */
export function swapBackground(
  subjects: FramedPicture,
  background: FramedPicture,
  random: SeededRandom,
): FramedPicture {
  const { width, height } = background.picture;
  const picture: Picture = { rgb: background.picture.rgb.slice(), width, height };
  const standing = background.objects.map(({ label, box }) => ({ label, box, covered: 0 }));
  const share = Math.min(width / subjects.picture.width, height / subjects.picture.height);
  for (const { label, box } of subjects.objects) {
    const mask = maskSubject(subjects.picture, box);
    const fitting = Math.min(width / mask.box.width, height / mask.box.height);
    const scale = Math.min(fitting, share * random.between(SMALLEST, LARGEST));
    const size = {
      width: Math.max(2, Math.floor(mask.box.width * scale)),
      height: Math.max(2, Math.floor(mask.box.height * scale)),
    };
    const place = freestPlace(size, { width, height }, standing, random);
    paste(picture, subjects.picture, mask, place);
    for (const other of standing) other.covered += overlap(other.box, place) / area(other.box);
    standing.push({ label, box: place, covered: 0 });
  }
  const seen = standing.filter(({ covered }) => covered <= HIDDEN);
  return { picture, objects: seen.map(({ label, box }) => ({ label, box })) };
}

function freestPlace(
  size: Pick<Box, "width" | "height">,
  { width, height }: Pick<Picture, "width" | "height">,
  standing: readonly { readonly box: Box }[],
  random: SeededRandom,
): Box {
  let best: { readonly place: Box; readonly covers: number } | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const place = {
      ...size,
      left: random.below(width - size.width + 1),
      top: random.below(height - size.height + 1),
    };
    const covers = standing.reduce((sum, { box }) => sum + overlap(box, place) / area(box), 0);
    if (!best || covers < best.covers) best = { place, covers };
  }
  return (best as { readonly place: Box }).place;
}

/** Bilinear, through the mask. */
function paste(
  onto: Picture,
  from: Picture,
  { box, alpha }: ReturnType<typeof maskSubject>,
  place: Box,
): void {
  for (let y = 0; y < place.height; y++) {
    const down = ((y + 0.5) * box.height) / place.height - 0.5;
    for (let x = 0; x < place.width; x++) {
      const across = ((x + 0.5) * box.width) / place.width - 0.5;
      const corners = cornersAt(across, down, box);
      let share = 0;
      for (const { column, row, weight } of corners) {
        share += weight * (alpha[row * box.width + column] as number);
      }
      if (share <= 0) continue;
      const to = ((place.top + y) * onto.width + place.left + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        let value = 0;
        for (const { column, row, weight } of corners) {
          const at = ((box.top + row) * from.width + box.left + column) * 3 + channel;
          value += weight * (from.rgb[at] as number);
        }
        onto.rgb[to + channel] = Math.round(share * value + (1 - share) * (onto.rgb[to + channel] as number));
      }
    }
  }
}

function cornersAt(across: number, down: number, { width, height }: Box) {
  const [left, top] = [Math.floor(across), Math.floor(down)];
  const [x, y] = [across - left, down - top];
  const within = (value: number, length: number) => Math.min(length - 1, Math.max(0, value));
  return [
    { column: within(left, width), row: within(top, height), weight: (1 - x) * (1 - y) },
    { column: within(left + 1, width), row: within(top, height), weight: x * (1 - y) },
    { column: within(left, width), row: within(top + 1, height), weight: (1 - x) * y },
    { column: within(left + 1, width), row: within(top + 1, height), weight: x * y },
  ];
}

function overlap(one: Box, other: Box): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return Math.max(0, width) * Math.max(0, height);
}

function area({ width, height }: Box): number {
  return Math.max(1, width * height);
}
