import type { SeededRandom } from "@followspot/domain";
import type { Box, Picture } from "@followspot/dataset";
import { clipBox, growBox, overlapArea } from "./boxes.ts";
import { sampleBox } from "./pyramid.ts";
import type { Framed } from "./training-sample.ts";

/** A picture like that of a stage, and who can be seen in it. */
export interface PracticeStage {
  readonly picture: Picture;
  /** Classes of which at least a part can be seen. */
  readonly present: ReadonlySet<number>;
}

/** Longer side of a subject, as a share of the picture's. */
const SMALLEST = 0.055;
const LARGEST = 0.25;
const MOST_GUESTS = 5;
const MARGIN = 1.15;
/** Chance of standing behind something. */
const BEHIND = 0.6;
/** Who is covered by more than this cannot be seen. */
const HIDDEN = 0.75;

/**
 * Several small subjects of one place in one picture, some in front of others: what a camera sees of a stage, made
 * from photographs of single puppets.
 */
export function setPracticeStage(
  place: Framed,
  guests: readonly Framed[],
  random: SeededRandom,
): PracticeStage {
  const { width, height } = place.picture;
  // Everything with its own light taken out, as if under one lamp.
  const rgb = new Uint8Array(width * height * 3);
  const standing: { readonly box: Box; readonly label: number; covered: number }[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    const { view, subjects } = quarter === 0 ? place : (guests[random.below(guests.length)] as Framed);
    const size = { width: (width >> 1) + 1, height: (height >> 1) + 1, mirror: false };
    const tile = sampleBox(view.pyramid, { left: 0, top: 0, width: view.width, height: view.height }, size);
    const left = quarter % 2 === 0 ? 0 : width - size.width;
    const top = quarter < 2 ? 0 : height - size.height;
    paste(rgb, width, { tile, left, top, rows: size.height });
    const [stretchX, stretchY] = [size.width / view.width, size.height / view.height];
    for (const { box, label } of subjects) {
      const here = {
        left: left + box.left * stretchX,
        top: top + box.top * stretchY,
        width: box.width * stretchX,
        height: box.height * stretchY,
      };
      standing.push({ box: here, label, covered: 0 });
    }
  }
  const count = random.below(MOST_GUESTS);
  for (let guest = 0; guest < count && guests.length > 0; guest++) {
    const { view, subjects } = guests[random.below(guests.length)] as Framed;
    const subject = subjects[random.below(subjects.length)];
    if (!subject) continue;
    const from = clipBox(growBox(subject.box, MARGIN), view.width, view.height);
    const side = Math.max(width, height) * Math.exp(random.between(Math.log(SMALLEST), Math.log(LARGEST)));
    const scale = side / Math.max(subject.box.width, subject.box.height);
    const wide = Math.min(width, Math.max(8, Math.round(from.width * scale)));
    const tall = Math.min(height, Math.max(8, Math.round(from.height * scale)));
    const tile = sampleBox(view.pyramid, from, { width: wide, height: tall, mirror: random.chance(0.5) });
    const left = random.below(width - wide + 1);
    const top = random.below(height - tall + 1);
    // In front or, with the lower half cut away, behind something.
    const shown = random.chance(BEHIND) ? Math.ceil(tall * random.between(0.3, 0.9)) : tall;
    paste(rgb, width, { tile, left, top, rows: shown });
    const box = { left, top, width: wide, height: shown };
    for (const other of standing)
      other.covered += overlapArea(other.box, box) / (other.box.width * other.box.height);
    standing.push({ box, label: subject.label, covered: 0 });
  }
  const seen = standing.filter(({ covered }) => covered <= HIDDEN).map(({ label }) => label);
  return { picture: { rgb, width, height }, present: new Set(seen) };
}

function paste(
  rgb: Uint8Array,
  width: number,
  {
    tile,
    left,
    top,
    rows,
  }: { readonly tile: Picture; readonly left: number; readonly top: number; readonly rows: number },
): void {
  for (let y = 0; y < rows; y++) {
    rgb.set(tile.rgb.subarray(y * tile.width * 3, (y + 1) * tile.width * 3), ((top + y) * width + left) * 3);
  }
}
