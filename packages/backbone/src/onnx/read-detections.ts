import type { ModelInput } from "./model-input.ts";
import { type Detector, type Output, placesOfGrid } from "./model-outputs.ts";
import type { Proposal } from "./suppress-overlaps.ts";

/** Below this nothing is there; a detector answers thousands of such places. */
const MIN_SCORE = 0.01;
/** Offsets within a grid's cell are small, places in a picture are not. */
const MAX_OFFSET = 8;
/** Boxes that all end here or before are told in shares of the picture, not in pixels. */
const MAX_SHARE = 1.5;

/** What a detector's answer says, in pixels of the network's own picture; what kind of thing it is, is not read. */
export function readDetections(
  detector: Detector,
  outputs: ReadonlyMap<string, Output>,
  input: ModelInput,
): Proposal[] {
  const proposals =
    detector.kind === "grid"
      ? readGrid(outputs.get(detector.name), input)
      : readBoxes(outputs.get(detector.boxes), outputs.get(detector.scores), input);
  return proposals.filter(
    ({ score, box }) =>
      score >= MIN_SCORE &&
      box.width >= 1 &&
      box.height >= 1 &&
      Object.values(box).every((side) => Number.isFinite(side)),
  );
}

/** Rows of centre, size, objectness and classes; centre and size are either final or relative to the grid. */
function readGrid(output: Output | undefined, input: ModelInput): Proposal[] {
  if (!output) return [];
  const columns = output.dims[2] ?? 6;
  const row = (at: number): readonly number[] => [...output.data.subarray(at * columns, at * columns + 5)];
  const places = [...placesOfGrid(input)].map((place, at) => ({ place, numbers: row(at) }));
  const offsets = places.map(({ numbers: [x = 0] }) => Math.abs(x)).toSorted((one, other) => one - other);
  const relative = (offsets[offsets.length >> 1] ?? 0) < MAX_OFFSET;
  const scoreOf = asShares(places.map(({ numbers }) => numbers[4] ?? 0));
  return places.map(({ place: [column, line, stride], numbers: [x = 0, y = 0, w = 0, h = 0] }, at) => {
    const width = relative ? Math.exp(Math.min(w, 16)) * stride : w;
    const height = relative ? Math.exp(Math.min(h, 16)) * stride : h;
    const centreX = relative ? (x + column) * stride : x;
    const centreY = relative ? (y + line) * stride : y;
    const box = { left: centreX - width / 2, top: centreY - height / 2, width, height };
    return { box, score: scoreOf(at) };
  });
}

/** Boxes as left, top, right, bottom; of several scores a box, the best one counts. */
function readBoxes(boxes: Output | undefined, scores: Output | undefined, input: ModelInput): Proposal[] {
  if (!boxes || !scores) return [];
  const count = boxes.data.length / 4;
  const classes = count > 0 ? scores.data.length / count : 0;
  const own = scores.dims.length > 1 && scores.dims[0] === 1 ? scores.dims.slice(1) : scores.dims;
  const classesFirst = own.length === 2 && own[0] !== count;
  const best = Array.from({ length: count }, (_, at) => {
    let value = Number.NEGATIVE_INFINITY;
    for (let kind = 0; kind < classes; kind++) {
      value = Math.max(value, scores.data[classesFirst ? kind * count + at : at * classes + kind] ?? 0);
    }
    return value;
  });
  const scoreOf = asShares(best);
  const inShares = boxes.data.every((side) => side <= MAX_SHARE);
  const [scaleX, scaleY] = inShares ? [input.width, input.height] : [1, 1];
  return best.map((_, at) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.data.subarray(at * 4, at * 4 + 4);
    return {
      box: {
        left: left * scaleX,
        top: top * scaleY,
        width: (right - left) * scaleX,
        height: (bottom - top) * scaleY,
      },
      score: scoreOf(at),
    };
  });
}

/** Scores that leave 0 to 1 have not been through the sigmoid yet. */
function asShares(scores: readonly number[]): (at: number) => number {
  const raw = scores.some((score) => score < 0 || score > 1);
  return (at) => {
    const score = scores[at] ?? 0;
    return raw ? 1 / (1 + Math.exp(-score)) : score;
  };
}
