import type { Box, Picture } from "@followspot/dataset";
import type { TrainingSample } from "@followspot/recognition";

/** A little more than the box, since edges of the subject give it away. */
const MARGIN = 0.08;
const GREY = 128;
/** Of each side of a picture, in the middle: where its subject is taken to be when nobody framed it. */
export const MIDDLE = 0.71;

/**
 * The picture without its subjects. Whoever still names them knows the place, not the puppet. Where a person has framed
 * them, their boxes are filled from around them; otherwise only the border of the picture is left, since a box that was
 * guessed and missed would leave the very subject. The boxes are taken away too: nobody tells where something was.
 */
export function backgroundOf(sample: TrainingSample): TrainingSample {
  const { picture, objects } = sample;
  const emptied = objects
    ? fillBoxes(
        picture,
        objects.map(({ box }) => box),
      )
    : borderOf(picture);
  return { ...sample, picture: emptied, objects: undefined };
}

/** Grey in the middle: what stands there may reach to its edge, so that nothing around it may flow in. */
export function borderOf(picture: Picture): Picture {
  const { width, height } = picture;
  const rgb = picture.rgb.slice();
  const left = Math.floor((width * (1 - MIDDLE)) / 2);
  const top = Math.floor((height * (1 - MIDDLE)) / 2);
  for (let y = top; y < height - top; y++) {
    rgb.fill(GREY, (y * width + left) * 3, (y * width + width - left) * 3);
  }
  return { ...picture, rgb };
}

/** Fills boxes with what is around them, nearer pixels counting more. */
export function fillBoxes(picture: Picture, boxes: readonly Box[]): Picture {
  const rgb = picture.rgb.slice();
  // Boxes that overlap are one: otherwise the filling of the first would be taken from the subject of the second.
  for (const hole of merged(boxes.map((box) => holeOf(box, picture)))) fillHole(rgb, picture, hole);
  return { ...picture, rgb };
}

/** Whole pixels, right and bottom excluded. */
interface Hole {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function holeOf(box: Box, { width, height }: Picture): Hole {
  const [x, y] = [box.width * MARGIN, box.height * MARGIN];
  return {
    left: Math.min(width, Math.max(0, Math.floor(box.left - x))),
    top: Math.min(height, Math.max(0, Math.floor(box.top - y))),
    right: Math.max(0, Math.min(width, Math.ceil(box.left + box.width + x))),
    bottom: Math.max(0, Math.min(height, Math.ceil(box.top + box.height + y))),
  };
}

function merged(holes: readonly Hole[]): Hole[] {
  const apart: Hole[] = [];
  for (let hole of holes) {
    for (;;) {
      // Touching counts: the pixels beside a hole are what it is filled from.
      const at = apart.findIndex(
        (other) =>
          other.left <= hole.right &&
          hole.left <= other.right &&
          other.top <= hole.bottom &&
          hole.top <= other.bottom,
      );
      if (at < 0) break;
      const [other] = apart.splice(at, 1) as [Hole];
      hole = {
        left: Math.min(hole.left, other.left),
        top: Math.min(hole.top, other.top),
        right: Math.max(hole.right, other.right),
        bottom: Math.max(hole.bottom, other.bottom),
      };
    }
    apart.push(hole);
  }
  return apart;
}

function fillHole(rgb: Uint8Array, { width, height }: Picture, { left, top, right, bottom }: Hole): void {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      // By side: where the nearest pixel outside is, and how far; a side at the picture's edge has none.
      const sides = [
        left > 0 && { at: y * width + left - 1, far: x - left + 1 },
        right < width && { at: y * width + right, far: right - x },
        top > 0 && { at: (top - 1) * width + x, far: y - top + 1 },
        bottom < height && { at: bottom * width + x, far: bottom - y },
      ];
      let weights = 0;
      const sums = [0, 0, 0];
      for (const side of sides) {
        if (!side) continue;
        const weight = 1 / side.far;
        weights += weight;
        for (let channel = 0; channel < 3; channel++) {
          sums[channel] = (sums[channel] as number) + weight * (rgb[side.at * 3 + channel] as number);
        }
      }
      for (let channel = 0; channel < 3; channel++) {
        rgb[(y * width + x) * 3 + channel] = weights === 0 ? GREY : (sums[channel] as number) / weights;
      }
    }
  }
}
