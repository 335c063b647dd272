import type { Box, Picture } from "@followspot/dataset";

/** How much of each pixel of a box belongs to its subject, 0 to 1, row by row. */
export interface SubjectMask {
  /** Whole pixels inside the picture. */
  readonly box: Box;
  readonly alpha: Float32Array;
}

/** Colours are counted in cells of this many levels a channel. */
const LEVELS = 16;
const ROUNDS = 4;
/** Around the box, of its longer side: where the place is seen, and not the subject. */
const RING = 0.18;
/** Of a box's half sides: its middle, where the subject is to begin with. */
const MIDDLE = 0.75;
/** Half the width of the window over which neighbours vote, of the box's longer side. */
const VOTE = 0.02;
/** A cut-out that is nearly nothing or nearly the whole box has found no edge. */
const LEAST_COVER = 0.12;
const MOST_COVER = 0.92;
/** Pixels that belong half to it: with more of them than an edge has, subject and place have the same colours. */
const MOST_UNDECIDED = 0.3;
/** Width of the soft edge of a box that is cut out whole, of its shorter side. */
const FEATHER = 0.12;

/**
 * Cuts a subject out by its colours: those that are more common in the middle of the box than around it are its own.
 * Counted and decided anew a few times, with neighbours agreeing, as in GrabCut (Rother et al. 2004), but with
 * histograms in place of mixtures and votes in place of cuts. Where that finds no edge, the box is cut with a soft rim.
 */
export function maskSubject(picture: Picture, wanted: Box): SubjectMask {
  const box = wholePixels(wanted, picture);
  const ring = wholePixels(grown(box, Math.max(4, RING * Math.max(box.width, box.height))), picture);
  const place = new Float32Array(LEVELS ** 3).fill(SMOOTHING);
  eachPixel(ring, (x, y) => {
    if (!inside(box, x, y)) count(place, cellOf(picture, x, y), 1);
  });
  let alpha = ellipse(box);
  for (let round = 0; round < ROUNDS; round++) {
    const subject = new Float32Array(LEVELS ** 3).fill(SMOOTHING);
    const behind = place.slice();
    eachPixel(box, (x, y, at) => {
      const cell = cellOf(picture, x, y);
      count(subject, cell, alpha[at] as number);
      // The first guess is a guess: only later may what it leaves out tell of the place.
      if (round > 0) count(behind, cell, 1 - (alpha[at] as number));
    });
    const [own, other] = [total(subject), total(behind)];
    const shares = new Float32Array(alpha.length);
    eachPixel(box, (x, y, at) => {
      const cell = cellOf(picture, x, y);
      const here = (subject[cell] as number) / own;
      shares[at] = here / (here + (behind[cell] as number) / other);
    });
    alpha = voted(shares, box);
  }
  const sharp = alpha.map((share) => Math.min(1, Math.max(0, (share - 0.35) / 0.3)));
  return { box, alpha: foundAnEdge(sharp) ? sharp : softBox(box) };
}

function foundAnEdge(alpha: Float32Array): boolean {
  const cover = total(alpha) / alpha.length;
  const undecided = alpha.filter((share) => share > 0.1 && share < 0.9).length / alpha.length;
  return cover >= LEAST_COVER && cover <= MOST_COVER && undecided <= MOST_UNDECIDED;
}

/** So that a colour that was never met is not impossible. */
const SMOOTHING = 0.05;

function cellOf({ rgb, width }: Picture, x: number, y: number): number {
  const at = (y * width + x) * 3;
  const level = (value: number | undefined) => Math.floor(((value ?? 0) * LEVELS) / 256);
  return (level(rgb[at]) * LEVELS + level(rgb[at + 1])) * LEVELS + level(rgb[at + 2]);
}

function count(histogram: Float32Array, cell: number, weight: number): void {
  histogram[cell] = (histogram[cell] as number) + weight;
}

function total(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function ellipse(box: Box): Float32Array {
  const alpha = new Float32Array(box.width * box.height);
  eachPixel(box, (x, y, at) => {
    const across = (x + 0.5 - box.left - box.width / 2) / (box.width / 2);
    const down = (y + 0.5 - box.top - box.height / 2) / (box.height / 2);
    alpha[at] = Math.hypot(across, down) <= MIDDLE ? 1 : 0;
  });
  return alpha;
}

function softBox(box: Box): Float32Array {
  const rim = Math.max(1, FEATHER * Math.min(box.width, box.height));
  const alpha = new Float32Array(box.width * box.height);
  eachPixel(box, (x, y, at) => {
    const across = Math.min(x + 0.5 - box.left, box.left + box.width - x - 0.5);
    const down = Math.min(y + 0.5 - box.top, box.top + box.height - y - 0.5);
    alpha[at] = Math.min(1, Math.min(across, down) / rim);
  });
  return alpha;
}

/** The mean over a window, by rows, then by columns. */
function voted(shares: Float32Array, { width, height }: Box): Float32Array {
  const half = Math.max(1, Math.round(VOTE * Math.max(width, height)));
  const rows = new Float32Array(shares.length);
  for (let y = 0; y < height; y++) slide(shares, rows, { from: y * width, step: 1, length: width, half });
  const out = new Float32Array(shares.length);
  for (let x = 0; x < width; x++) slide(rows, out, { from: x, step: width, length: height, half });
  return out;
}

interface Line {
  readonly from: number;
  readonly step: number;
  readonly length: number;
  readonly half: number;
}

function slide(source: Float32Array, target: Float32Array, { from, step, length, half }: Line): void {
  const at = (index: number) => source[from + index * step] as number;
  let sum = 0;
  for (let index = 0; index < Math.min(half, length); index++) sum += at(index);
  for (let index = 0; index < length; index++) {
    if (index + half < length) sum += at(index + half);
    if (index - half > 0) sum -= at(index - half - 1);
    const first = Math.max(0, index - half);
    const last = Math.min(length - 1, index + half);
    target[from + index * step] = sum / (last - first + 1);
  }
}

function eachPixel(box: Box, visit: (x: number, y: number, at: number) => void): void {
  let at = 0;
  for (let y = box.top; y < box.top + box.height; y++) {
    for (let x = box.left; x < box.left + box.width; x++) visit(x, y, at++);
  }
}

function inside({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}

function grown({ left, top, width, height }: Box, by: number): Box {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}

function wholePixels({ left, top, width, height }: Box, picture: Picture): Box {
  const x = Math.min(picture.width - 1, Math.max(0, Math.floor(left)));
  const y = Math.min(picture.height - 1, Math.max(0, Math.floor(top)));
  return {
    left: x,
    top: y,
    width: Math.max(1, Math.min(picture.width, Math.ceil(left + width)) - x),
    height: Math.max(1, Math.min(picture.height, Math.ceil(top + height)) - y),
  };
}
