/** A connected part of a mask, in cells; right and bottom are outside. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** The cells of the mask that belong to it. */
  readonly cells: readonly number[];
}

export interface MaskSize {
  readonly width: number;
  readonly height: number;
}

/** Connected parts, also over corners. Order: by their first cell. */
export function findRegions(mask: Uint8Array, { width, height }: MaskSize): Region[] {
  const seen = new Uint8Array(mask.length);
  const regions: Region[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue;
    const cells = [start];
    seen[start] = 1;
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let next = 0; next < cells.length; next++) {
      const cell = cells[next] as number;
      const x = cell % width;
      const y = (cell - x) / width;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = Math.max(bottom, y + 1);
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbour = ny * width + nx;
          if (!mask[neighbour] || seen[neighbour]) continue;
          seen[neighbour] = 1;
          cells.push(neighbour);
        }
      }
    }
    regions.push({ left, top, right, bottom, cells });
  }
  return regions;
}

/** Grows a mask by `reach` cells on every side. */
export function dilate(mask: Uint8Array, size: MaskSize, reach: number): Uint8Array {
  return spread(mask, size, { reach, value: 1 });
}

/** Takes `reach` cells away on every side; the picture's edge takes nothing away. */
export function erode(mask: Uint8Array, size: MaskSize, reach: number): Uint8Array {
  return spread(mask, size, { reach, value: 0 });
}

/** Every cell within `reach` of one that has the value gets it too: rows first, then columns. */
function spread(
  mask: Uint8Array,
  { width, height }: MaskSize,
  { reach, value }: { readonly reach: number; readonly value: 0 | 1 },
): Uint8Array {
  const rows = new Uint8Array(mask.length).fill(1 - value);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== value) continue;
      rows.fill(value, y * width + Math.max(0, x - reach), y * width + Math.min(width, x + reach + 1));
    }
  }
  const both = new Uint8Array(mask.length).fill(1 - value);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rows[y * width + x] !== value) continue;
      for (let ny = Math.max(0, y - reach); ny <= Math.min(height - 1, y + reach); ny++)
        both[ny * width + x] = value;
    }
  }
  return both;
}

/** Fills what a mask surrounds. */
export function fillHoles(mask: Uint8Array, { width, height }: MaskSize): Uint8Array {
  const outside = new Uint8Array(mask.length);
  const queue: number[] = [];
  const visit = (cell: number): void => {
    if (mask[cell] || outside[cell]) return;
    outside[cell] = 1;
    queue.push(cell);
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  for (let next = 0; next < queue.length; next++) {
    const cell = queue[next] as number;
    const x = cell % width;
    if (x > 0) visit(cell - 1);
    if (x < width - 1) visit(cell + 1);
    if (cell >= width) visit(cell - width);
    if (cell < mask.length - width) visit(cell + width);
  }
  return outside.map((value) => 1 - value);
}

/** A cut goes where a region is at most this share as tall as on both sides of it. */
const CUT_DEPTH = 0.72;
/** Columns of the narrowest part. */
const LEAST_PART = 5;
const MOST_CUTS = 5;

/**
 * Those who stand side by side touch each other: cuts a region at the waists of its silhouette, deepest first. The parts
 * between all cuts, and those that the deepest one alone leaves; nothing where there is no waist.
 */
export function splitRegion(region: Region, width: number): Region[] {
  const columns = new Uint16Array(region.right - region.left);
  for (const cell of region.cells) {
    const column = (cell % width) - region.left;
    columns[column] = (columns[column] as number) + 1;
  }
  const cuts: number[] = [];
  const parts = new Map<string, Region>();
  while (cuts.length < MOST_CUTS) {
    const cut = deepestWaist(columns, cuts);
    if (cut === undefined) break;
    cuts.push(cut);
    const edges = [0, ...[...cuts].sort((a, b) => a - b), columns.length];
    for (let part = 1; part < edges.length; part++) {
      const [from, to] = [edges[part - 1] as number, edges[part] as number];
      if (!parts.has(`${from}-${to}`)) parts.set(`${from}-${to}`, cutOut(region, { from, to, width }));
    }
  }
  return [...parts.values()];
}

function deepestWaist(columns: Uint16Array, cuts: readonly number[]): number | undefined {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), columns.length];
  let [found, depth]: [number | undefined, number] = [undefined, CUT_DEPTH];
  for (let part = 1; part < edges.length; part++) {
    const [from, to] = [edges[part - 1] as number, edges[part] as number];
    for (let at = from + LEAST_PART; at <= to - LEAST_PART; at++) {
      const left = Math.max(...columns.subarray(from, at));
      const right = Math.max(...columns.subarray(at, to));
      const share = (columns[at] as number) / Math.min(left, right);
      if (share < depth) [found, depth] = [at, share];
    }
  }
  return found;
}

function cutOut(
  region: Region,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): Region {
  const cells = region.cells.filter((cell) => {
    const column = (cell % width) - region.left;
    return column >= from && column < to;
  });
  const rows = cells.map((cell) => Math.floor(cell / width));
  const columns = cells.map((cell) => cell % width);
  const least = (values: readonly number[]): number =>
    values.reduce((low, value) => Math.min(low, value), Infinity);
  const most = (values: readonly number[]): number =>
    values.reduce((high, value) => Math.max(high, value), 0);
  return { left: least(columns), top: least(rows), right: most(columns) + 1, bottom: most(rows) + 1, cells };
}

/** How wide somebody is, for their height. */
const STATURE = 0.6;
/** A head stands out by at least this share of the region's height over what is on both sides of it. */
const HEAD = 0.04;

/** Those who stand before one another: one part under each head that stands out of the region's upper outline. */
export function partsUnderHeads(region: Region, width: number): Region[] {
  const tops = new Uint16Array(region.right - region.left).fill(region.bottom);
  for (const cell of region.cells) {
    const column = (cell % width) - region.left;
    tops[column] = Math.min(tops[column] as number, Math.floor(cell / width));
  }
  const tall = region.bottom - region.top;
  const parts: Region[] = [];
  for (const peak of peaksOf(tops, Math.max(2, HEAD * tall))) {
    const half = Math.round(((region.bottom - (tops[peak] as number)) * STATURE) / 2);
    const from = Math.max(0, peak - half);
    const to = Math.min(tops.length, peak + half + 1);
    if (to - from < tops.length * 0.9) parts.push(cutOut(region, { from, to, width }));
  }
  return parts;
}

/** Columns of the highest points between which the outline falls by `depth` (rows count downwards). */
function peaksOf(tops: Uint16Array, depth: number): number[] {
  const peaks: number[] = [];
  let [highest, lowest, rising] = [0, 0, true];
  for (let column = 0; column < tops.length; column++) {
    const top = tops[column] as number;
    if (rising) {
      if (top < (tops[highest] as number)) highest = column;
      if (top - (tops[highest] as number) < depth) continue;
      peaks.push(plateauMiddle(tops, highest));
      [lowest, rising] = [column, false];
    } else {
      if (top > (tops[lowest] as number)) lowest = column;
      if ((tops[lowest] as number) - top < depth) continue;
      [highest, rising] = [column, true];
    }
  }
  if (rising) peaks.push(plateauMiddle(tops, highest));
  return peaks;
}

function plateauMiddle(tops: Uint16Array, column: number): number {
  let end = column;
  while (end + 1 < tops.length && Math.abs((tops[end + 1] as number) - (tops[column] as number)) <= 2) end++;
  return (column + end) >> 1;
}
