import { CHANNELS, type Cells } from "./background-cells.ts";

/** Nodes of the field along a picture's longer side: lamps have soft edges, puppets have hard ones. */
const NODES = 16;
/** How much a node follows its neighbours, against the cells around it. */
const STIFFNESS = 5;
/** The scales of disagreement, in logarithms, at which a cell stops counting: from hardly ever to soon. */
const SCALES = [0.8, 0.5, 0.3, 0.2, 0.15, 0.12] as const;
const SWEEPS = 6;
/** Where the scales begin when the light is about that of the frame before. */
const KEPT_FROM = 2;
/** Cells that agree with a field, as a logarithm. */
const AGREES = 0.12;
/** Looks at every second cell of every second row. */
const STRIDE = 2;
/** Below this a channel is noise, above the other it is clipped. */
const DARK = 5;
const CLIPPED = 240;
const MAX_LOG_GAIN = 5;
const BINS_A_UNIT = 50;

/** By how much each place is lit more or less than in the background, as logarithms of the gain at the nodes of a grid. */
export interface LightField {
  readonly columns: number;
  readonly rows: number;
  /** One grid a channel. */
  readonly logGains: readonly Float32Array[];
}

/**
 * Fits a smooth field of gains to what the background became. Whoever stands before it is no part of that: cells that
 * disagree with their surroundings count less and less, and `trust` (0 to 1 a cell) says where nothing new is seen.
 */
export function fitLight(
  now: Cells,
  background: Cells,
  { trust, before }: { readonly trust: Float32Array; readonly before: LightField | undefined },
): LightField {
  const { width, height } = now;
  const longer = Math.max(width, height);
  const columns = Math.max(2, Math.round((NODES * width) / longer));
  const rows = Math.max(2, Math.round((NODES * height) / longer));
  const gains = globalGains(now, background, trust);
  const flat: LightField = {
    columns,
    rows,
    logGains: gains.map((gain) => new Float32Array(columns * rows).fill(gain)),
  };
  // Light stays as it is most of the time, and whoever stands in a lamp's cone hides most of it.
  const kept = before !== undefined && agreement(now, background, before) > agreement(now, background, flat);
  const field = kept ? { ...before, logGains: before.logGains.map((grid) => grid.slice()) } : flat;
  const { logGains } = field;
  const sums = logGains.map((grid) => new Float64Array(grid.length));
  const weights = logGains.map((grid) => new Float64Array(grid.length));
  const ratios = new Float64Array(CHANNELS);
  const shares = new Float64Array(CHANNELS);
  for (const scale of kept ? SCALES.slice(KEPT_FROM) : SCALES) {
    for (const sum of sums) sum.fill(0);
    for (const weight of weights) weight.fill(0);
    for (let y = 0; y < height; y += STRIDE) {
      const v = ((y + 0.5) / height) * (rows - 1);
      const row = Math.min(rows - 2, Math.floor(v));
      for (let x = 0; x < width; x += STRIDE) {
        const cell = y * width + x;
        const u = ((x + 0.5) / width) * (columns - 1);
        const column = Math.min(columns - 2, Math.floor(u));
        const node = row * columns + column;
        const [right, down] = [u - column, v - row];
        let disagreement = 0;
        let known = 0;
        for (let channel = 0; channel < CHANNELS; channel++) {
          const share = reliability(now, background, channel, cell);
          shares[channel] = share;
          if (share === 0) continue;
          const ratio = logRatio(now, background, channel, cell);
          ratios[channel] = ratio;
          const grid = logGains[channel] as Float32Array;
          const upper = (grid[node] as number) * (1 - right) + (grid[node + 1] as number) * right;
          const below = node + columns;
          const lower = (grid[below] as number) * (1 - right) + (grid[below + 1] as number) * right;
          const off = ratio - upper * (1 - down) - lower * down;
          disagreement += share * off * off;
          known += share;
        }
        if (known === 0) continue;
        const robust = (trust[cell] as number) / (1 + disagreement / known / (scale * scale)) ** 2;
        for (let channel = 0; channel < CHANNELS; channel++) {
          const weight = robust * (shares[channel] as number);
          if (weight === 0) continue;
          const ratio = ratios[channel] as number;
          const sum = sums[channel] as Float64Array;
          const total = weights[channel] as Float64Array;
          for (let corner = 0; corner < 4; corner++) {
            const to = node + (corner & 1) + (corner >> 1) * columns;
            const part = weight * (corner & 1 ? right : 1 - right) * (corner >> 1 ? down : 1 - down);
            sum[to] = (sum[to] as number) + part * ratio;
            total[to] = (total[to] as number) + part;
          }
        }
      }
    }
    for (let channel = 0; channel < CHANNELS; channel++) {
      settle(logGains[channel] as Float32Array, {
        sum: sums[channel] as Float64Array,
        weight: weights[channel] as Float64Array,
        columns,
        rows,
      });
    }
  }
  return field;
}

/** The background as it would look under the light of the field. */
export function relightBackground(background: Cells, { columns, rows, logGains }: LightField): Cells {
  const { width, height } = background;
  const across = new Float32Array(columns);
  const planes = background.planes.map((plane, channel) => {
    const gains = (logGains[channel] as Float32Array).map(Math.exp);
    const lit = new Float32Array(plane.length);
    for (let y = 0, cell = 0; y < height; y++) {
      const v = ((y + 0.5) / height) * (rows - 1);
      const row = Math.min(rows - 2, Math.floor(v)) * columns;
      const down = v - row / columns;
      for (let column = 0; column < columns; column++) {
        const upper = gains[row + column] as number;
        across[column] = upper + ((gains[row + columns + column] as number) - upper) * down;
      }
      for (let x = 0; x < width; x++, cell++) {
        const u = ((x + 0.5) / width) * (columns - 1);
        const column = Math.min(columns - 2, Math.floor(u));
        const left = across[column] as number;
        const gain = left + ((across[column + 1] as number) - left) * (u - column);
        lit[cell] = Math.min(255, (plane[cell] as number) * gain);
      }
    }
    return lit;
  });
  return { ...background, planes };
}

/** How many cells look as the background would in that light. */
function agreement(now: Cells, background: Cells, light: LightField): number {
  const lit = relightBackground(background, light);
  let count = 0;
  for (let cell = 0; cell < now.width * now.height; cell += STRIDE) {
    let off = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      if (reliability(now, background, channel, cell) === 0) continue;
      off = Math.max(off, Math.abs(logRatio(now, lit, channel, cell)));
    }
    if (off < AGREES) count++;
  }
  return count;
}

/** The logarithm of the gain that most of the picture has, a channel. */
export function globalGains(now: Cells, background: Cells, trust?: Float32Array): number[] {
  const counts = new Uint32Array(2 * MAX_LOG_GAIN * BINS_A_UNIT + 1);
  return now.planes.map((plane, channel) => {
    counts.fill(0);
    let found = 0;
    for (let cell = 0; cell < plane.length; cell += 3) {
      if (trust && (trust[cell] as number) < 0.3) continue;
      if (reliability(now, background, channel, cell) === 0) continue;
      const bin = Math.round((logRatio(now, background, channel, cell) + MAX_LOG_GAIN) * BINS_A_UNIT);
      counts[bin] = (counts[bin] as number) + 1;
      found++;
    }
    if (found < 8) return 0;
    let median = 0;
    for (let below = counts[0] as number; below * 2 < found; below += counts[median] as number) median++;
    return median / BINS_A_UNIT - MAX_LOG_GAIN;
  });
}

/** Mean of the gains of a field, as a logarithm, over all channels and places. */
export function meanLogGain({ logGains }: LightField): number {
  const all = logGains.flatMap((grid) => [...grid]);
  return all.reduce((sum, gain) => sum + gain, 0) / all.length;
}

/** 0 where a channel says nothing about the light, near 1 where it is bright. */
function reliability(now: Cells, background: Cells, channel: number, cell: number): number {
  const a = (now.planes[channel] as Float32Array)[cell] as number;
  const b = (background.planes[channel] as Float32Array)[cell] as number;
  const lower = Math.min(a, b);
  if (b < DARK || Math.max(a, b) > CLIPPED) return 0;
  return (lower + 1) / (lower + 12);
}

function logRatio(now: Cells, background: Cells, channel: number, cell: number): number {
  const a = (now.planes[channel] as Float32Array)[cell] as number;
  const b = (background.planes[channel] as Float32Array)[cell] as number;
  return Math.max(-MAX_LOG_GAIN, Math.min(MAX_LOG_GAIN, Math.log((a + 0.5) / (b + 0.5))));
}

/** Gauss-Seidel: each node between what its cells say and where its neighbours are. */
function settle(
  grid: Float32Array,
  {
    sum,
    weight,
    columns,
    rows,
  }: {
    readonly sum: Float64Array;
    readonly weight: Float64Array;
    readonly columns: number;
    readonly rows: number;
  },
): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let row = 0, node = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, node++) {
        let total = sum[node] as number;
        let share = weight[node] as number;
        const add = (neighbour: number): void => {
          total += STIFFNESS * (grid[neighbour] as number);
          share += STIFFNESS;
        };
        if (column > 0) add(node - 1);
        if (column < columns - 1) add(node + 1);
        if (row > 0) add(node - columns);
        if (row < rows - 1) add(node + columns);
        grid[node] = total / share;
      }
    }
  }
}
