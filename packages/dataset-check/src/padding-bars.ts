import type { Picture } from "@followspot/dataset";

export const SIDES = ["top", "bottom", "left", "right"] as const;
export interface Bar {
  readonly side: (typeof SIDES)[number];
  /** Share of the picture's height (top, bottom) or width. */
  readonly share: number;
}

/** Levels of 255 that one colour may vary by, as compression makes it. */
const ONE_COLOUR = 6;
const LEAST_PIXELS = 3;
const LEAST_SHARE = 0.015;
const MOST_SHARE = 0.45;
/** A bar ends all along one line; before a plain wall only the subject's outline begins somewhere. */
const STEP_LEVELS = 14;
const STEP_SHARE = 0.6;

/** Bars of one colour that somebody, or some program, put around a picture. */
export function findPaddingBars(picture: Picture): Bar[] {
  return SIDES.flatMap((side) => {
    const share = barAt(picture, side);
    return share > 0 ? [{ side, share }] : [];
  });
}

function barAt({ rgb, width, height }: Picture, side: Bar["side"]): number {
  const upright = side === "top" || side === "bottom";
  const depth = upright ? height : width;
  const length = upright ? width : height;
  const backwards = side === "bottom" || side === "right";
  const at = (line: number, along: number) => {
    const across = backwards ? depth - 1 - line : line;
    return ((upright ? across : along) * width + (upright ? along : across)) * 3;
  };
  const colour = [0, 1, 2].map((channel) => rgb[at(0, length >> 1) + channel] as number);
  const shareUnlike = (line: number, levels: number) => {
    let unlike = 0;
    for (let along = 0; along < length; along++) {
      const pixel = at(line, along);
      const farthest = Math.max(
        Math.abs((rgb[pixel] as number) - (colour[0] as number)),
        Math.abs((rgb[pixel + 1] as number) - (colour[1] as number)),
        Math.abs((rgb[pixel + 2] as number) - (colour[2] as number)),
      );
      if (farthest > levels) unlike++;
    }
    return unlike / length;
  };
  const most = Math.floor(depth * MOST_SHARE);
  let lines = 0;
  while (lines <= most && shareUnlike(lines, ONE_COLOUR) === 0) lines++;
  if (lines < Math.max(LEAST_PIXELS, depth * LEAST_SHARE) || lines > most) return 0;
  // Two lines further on, where compression has not blurred the step.
  const beyond = Math.min(depth - 1, lines + 2);
  return shareUnlike(beyond, STEP_LEVELS) >= STEP_SHARE ? lines / depth : 0;
}
