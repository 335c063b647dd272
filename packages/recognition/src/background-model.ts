import type { Picture } from "@followspot/dataset";
import { CHANNELS, type Cells, meanLevel, toCells } from "./background-cells.ts";
import {
  fitLight,
  globalGains,
  type LightField,
  meanLogGain,
  relightBackground,
} from "./background-light.ts";
import {
  dilate,
  erode,
  fillHoles,
  findRegions,
  partsUnderHeads,
  type Region,
  splitRegion,
} from "./background-regions.ts";
import type { BoxProposal } from "./propose-boxes.ts";

/** Noise of a cell's mean, of the camera and of JPEG, in 8-bit steps; and what a light field gets wrong, as a share. */
const NOISE = 2.5;
const LIGHT_ERROR = 0.07;
/** Keeps logarithms of dark cells, which are mostly noise, near that of black. */
const EDGE_FLOOR = 8;
/** Disagreement in deviations, over three channels: surely changed, and changed beside what surely is. */
const CHANGED = 4.5;
const NEARLY_CHANGED = 2.5;
/** An edge that is new or gone, in deviations. */
const NEW_EDGE = 4;
/** An edge under other light is as strong within this share; a new one is not. */
const EDGE_SHARE = 0.5;
/** Cells of the smallest thing, as a share of the picture. */
const LEAST_AREA = 0.0012;
/** Light draws no edges: at least this share of a thing's outline must be new or lost edges. */
const LEAST_OUTLINE = 0.55;
/** Where a rim of light was taken off: at least this share of what is left. */
const LEAST_EDGES = 0.55;
/** A picture darker than this (0 to 255) says nothing. */
const DARK_LEVEL = 7;
/** How fast the background follows what it agrees with. */
const FOLLOW = 0.05;
/** A change of light, as a logarithm of the gain. */
const LIGHT_STEP = 0.06;
/** From this much more light on, the background is learnt anew where nothing has changed. */
const BRIGHTER = 0.25;
const CLOSE_GAPS = 2;
/** Cells from a new edge within which a change of colour is believed. */
const EDGE_REACH = 3;
/** More changed than this share of the picture is another set, not somebody who came in; it is learnt soon. */
const OTHER_SET = 0.5;
const OTHER_SET_FRAMES = 12;
/** Where edges were rather lost than won, something has been taken away: what was behind it is learnt soon. */
const UNCOVERED_FRAMES = 30;
const MOSTLY_LOST = -0.5;

export interface BackgroundOptions {
  /** Frames for which something new must stand still until it belongs to the background; Infinity for never. */
  readonly absorbFrames?: number;
}

/** What a frame shows that the background does not. */
export interface BackgroundChange {
  /** Best first, in pixels of the picture. */
  readonly changed: readonly BoxProposal[];
  /** 1 where something stands before the background: `width * height` cells of `side` pixels. */
  readonly mask: {
    readonly cells: Uint8Array;
    readonly width: number;
    readonly height: number;
    readonly side: number;
  };
  /** The light is another one than a frame ago. */
  readonly lightChanged: boolean;
  /** Too dark to say anything: nothing is changed, nothing is learnt. */
  readonly dark: boolean;
}

const DEFAULT_ABSORB_FRAMES = 600;

/**
 * What a fixed camera sees when nobody is there, learnt from its first frame on. Light may change as it likes (a smooth
 * field of gains a channel is taken out first, and what has no edges of its own is light, not a thing); what changes and
 * stays (the set) belongs to the background after a while. Frames of another size begin anew.
 */
export class BackgroundModel {
  readonly #absorbFrames: number;
  #background: Cells | undefined;
  /** What may become background, in the background's light, and for how many frames it has not moved. */
  #candidate: Cells | undefined;
  #steady = new Uint16Array();
  #light: LightField | undefined;

  constructor({ absorbFrames = DEFAULT_ABSORB_FRAMES }: BackgroundOptions = {}) {
    this.#absorbFrames = absorbFrames;
  }

  /** Forgets everything: the next frame that is not dark is the background. */
  reset(): void {
    this.#background = undefined;
    this.#light = undefined;
  }

  update(picture: Picture): BackgroundChange {
    const now = toCells(picture);
    const nothing = (dark: boolean): BackgroundChange => ({
      changed: [],
      mask: {
        cells: new Uint8Array(now.width * now.height),
        width: now.width,
        height: now.height,
        side: now.side,
      },
      lightChanged: dark && this.#light !== undefined,
      dark,
    });
    if (meanLevel(now) < DARK_LEVEL) return nothing(true);
    const background = this.#background;
    if (!background || background.width !== now.width || background.height !== now.height) {
      this.#learnAnew(now);
      return nothing(false);
    }
    const rough = relightGlobally(background, globalGains(now, background));
    const trust = trustFrom(newEdges(now, rough).strength, now);
    const light = fitLight(now, background, { trust, before: this.#light });
    const lit = relightBackground(background, light);
    const { strength: edges, gained } = newEdges(now, lit);
    const difference = disagreement(now, lit);
    const regions = changedRegions({ difference, edges, now });
    const mask = new Uint8Array(difference.length);
    const uncovered = new Uint8Array(difference.length);
    for (const { cells } of regions) {
      const left = isUncovered(cells, gained) ? 1 : 0;
      for (const cell of cells) {
        mask[cell] = 1;
        uncovered[cell] = left;
      }
    }
    const lightChanged = this.#light !== undefined && lightStep(this.#light, light) > LIGHT_STEP;
    const rebase = meanLogGain(light) > BRIGHTER;
    this.#learn({ now, lit, background, mask, uncovered, rebase });
    // Learnt anew in this light, the background needs no gain any more.
    this.#light = rebase ? { ...light, logGains: light.logGains.map((grid) => grid.map(() => 0)) } : light;
    return {
      changed: proposals(regions, { difference, now }),
      mask: { cells: mask, width: now.width, height: now.height, side: now.side },
      lightChanged,
      dark: false,
    };
  }

  #learnAnew(now: Cells): void {
    this.#background = now;
    this.#candidate = { ...now, planes: now.planes.map((plane) => plane.slice()) };
    this.#steady = new Uint16Array(now.width * now.height);
    this.#light = undefined;
  }

  #learn({
    now,
    lit,
    background,
    mask,
    uncovered,
    rebase,
  }: {
    readonly now: Cells;
    readonly lit: Cells;
    readonly background: Cells;
    readonly mask: Uint8Array;
    readonly uncovered: Uint8Array;
    readonly rebase: boolean;
  }): void {
    const candidate = this.#candidate as Cells;
    // Near somebody nothing is learnt: their edge is soft.
    const near = dilate(mask, now, 2);
    let changed = 0;
    for (const value of mask) changed += value;
    const otherSet = changed > OTHER_SET * mask.length;
    const soon = Math.min(otherSet ? OTHER_SET_FRAMES : UNCOVERED_FRAMES, this.#absorbFrames);
    const never = this.#absorbFrames === Number.POSITIVE_INFINITY;
    for (let cell = 0; cell < mask.length; cell++) {
      const patience = otherSet || uncovered[cell] ? soon : this.#absorbFrames;
      const absorbed = !never && mask[cell] === 1 && this.#stays({ now, lit, cell, patience });
      for (let channel = 0; channel < CHANNELS; channel++) {
        const seen = (now.planes[channel] as Float32Array)[cell] as number;
        const shown = (lit.planes[channel] as Float32Array)[cell] as number;
        const plane = background.planes[channel] as Float32Array;
        const old = plane[cell] as number;
        const gain = shown < 255 ? (shown + 0.5) / (old + 0.5) : 1;
        const other = candidate.planes[channel] as Float32Array;
        const inOldLight = seen / Math.max(0.02, gain);
        if (absorbed) plane[cell] = rebase ? seen : Math.min(255, inOldLight);
        else if (rebase) plane[cell] = near[cell] ? shown : seen;
        // In less light there is less to be learnt.
        else if (!near[cell]) plane[cell] = old + (inOldLight - old) * FOLLOW * Math.min(1, gain * gain);
        other[cell] = rebase ? seen : Math.min(255, inOldLight);
      }
    }
  }

  /** Counts for how long a changed cell has looked the same, and says whether that is long enough. */
  #stays({
    now,
    lit,
    cell,
    patience,
  }: {
    readonly now: Cells;
    readonly lit: Cells;
    readonly cell: number;
    readonly patience: number;
  }): boolean {
    const candidate = this.#candidate as Cells;
    const background = this.#background as Cells;
    let off = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const shown = (lit.planes[channel] as Float32Array)[cell] as number;
      const old = (background.planes[channel] as Float32Array)[cell] as number;
      const expected =
        ((candidate.planes[channel] as Float32Array)[cell] as number) * ((shown + 0.5) / (old + 0.5));
      const error = ((now.planes[channel] as Float32Array)[cell] as number) - expected;
      off += (error * error) / (NOISE * NOISE + (LIGHT_ERROR * expected) ** 2);
    }
    const steady = off < CHANGED * CHANGED ? Math.min(65_000, (this.#steady[cell] as number) + 1) : 0;
    this.#steady[cell] = steady >= patience ? 0 : steady;
    return steady >= patience;
  }
}

function relightGlobally(background: Cells, logGains: readonly number[]): Cells {
  const planes = background.planes.map((plane, channel) => {
    const gain = Math.exp(logGains[channel] as number);
    return plane.map((value) => Math.min(255, value * gain));
  });
  return { ...background, planes };
}

/** Deviations by which each cell is another one than the background. */
function disagreement(now: Cells, lit: Cells): Float32Array {
  const out = new Float32Array(now.width * now.height);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const seen = now.planes[channel] as Float32Array;
    const shown = lit.planes[channel] as Float32Array;
    for (let cell = 0; cell < out.length; cell++) {
      const expected = shown[cell] as number;
      // Beyond this a camera clips, and so does what we expect.
      const error = Math.min(250, seen[cell] as number) - Math.min(250, expected);
      out[cell] = (out[cell] as number) + (error * error) / (NOISE * NOISE + (LIGHT_ERROR * expected) ** 2);
    }
  }
  for (let cell = 0; cell < out.length; cell++) out[cell] = Math.sqrt(out[cell] as number);
  return out;
}

interface EdgeChange {
  /** Deviations by which the edges at each cell are new or gone; the light does not matter. */
  readonly strength: Float32Array;
  /** From -1, an edge that is gone, to 1, one that is new; 0 where neither is. */
  readonly gained: Float32Array;
}

function newEdges(now: Cells, lit: Cells): EdgeChange {
  const { width, height } = now;
  const strength = new Float32Array(width * height);
  const gained = new Float32Array(strength.length);
  const seen = new Float32Array(strength.length);
  const shown = new Float32Array(strength.length);
  for (let channel = 0; channel < CHANNELS; channel++) {
    const plane = now.planes[channel] as Float32Array;
    takeLogarithms(plane, seen);
    takeLogarithms(lit.planes[channel] as Float32Array, shown);
    for (let y = 1; y < height - 1; y++) {
      for (let cell = y * width + 1, end = cell + width - 2; cell < end; cell++) {
        const seenX = (seen[cell + 1] as number) - (seen[cell - 1] as number);
        const seenY = (seen[cell + width] as number) - (seen[cell - width] as number);
        const shownX = (shown[cell + 1] as number) - (shown[cell - 1] as number);
        const shownY = (shown[cell + width] as number) - (shown[cell - width] as number);
        const [offX, offY] = [seenX - shownX, seenY - shownY];
        const change = offX * offX + offY * offY;
        const [power, before] = [seenX * seenX + seenY * seenY, shownX * shownX + shownY * shownY];
        const strongest = Math.max(power, before);
        if (change <= EDGE_SHARE * EDGE_SHARE * strongest) continue;
        const beyond = Math.sqrt(change) - EDGE_SHARE * Math.sqrt(strongest);
        const deviations = (beyond * ((plane[cell] as number) + EDGE_FLOOR)) / (NOISE * 1.4);
        strength[cell] = (strength[cell] as number) + deviations * deviations;
        gained[cell] = (gained[cell] as number) + (power - before) / (power + before) / CHANNELS;
      }
    }
  }
  for (let cell = 0; cell < strength.length; cell++) strength[cell] = Math.sqrt(strength[cell] as number);
  return { strength, gained };
}

/** Whether a region shows what was behind something that is gone. */
function isUncovered(cells: readonly number[], gained: Float32Array): boolean {
  let sum = 0;
  let count = 0;
  for (const cell of cells) {
    const gain = gained[cell] as number;
    if (gain === 0) continue;
    sum += gain;
    count++;
  }
  return sum < MOSTLY_LOST * count;
}

const LOG_STEPS = 4;
const LOGARITHMS = Float32Array.from({ length: 256 * LOG_STEPS }, (_, at) =>
  Math.log(at / LOG_STEPS + EDGE_FLOOR),
);

function takeLogarithms(plane: Float32Array, into: Float32Array): void {
  for (let cell = 0; cell < plane.length; cell++) {
    const at = Math.floor((plane[cell] as number) * LOG_STEPS + 0.5);
    into[cell] = LOGARITHMS[Math.min(at, LOGARITHMS.length - 1)] as number;
  }
}

/** How little is new around each cell, 0 to 1. */
function trustFrom(
  edges: Float32Array,
  size: { readonly width: number; readonly height: number },
): Float32Array {
  const changed = new Uint8Array(edges.length);
  for (let cell = 0; cell < edges.length; cell++) changed[cell] = (edges[cell] as number) > NEW_EDGE ? 1 : 0;
  // What new edges enclose is as new as they are, however plain.
  const near = fillHoles(dilate(changed, size, 2), size);
  return Float32Array.from(near, (value) => (value ? 0.1 : 1));
}

function changedRegions({
  difference,
  edges,
  now,
}: {
  readonly difference: Float32Array;
  readonly edges: Float32Array;
  readonly now: Cells;
}): Region[] {
  const surely = new Uint8Array(difference.length);
  const nearly = new Uint8Array(difference.length);
  const drawn = new Uint8Array(difference.length);
  for (let cell = 0; cell < surely.length; cell++) {
    const edge = (edges[cell] as number) > NEW_EDGE;
    drawn[cell] = edge ? 1 : 0;
    surely[cell] = (difference[cell] as number) > CHANGED ? 1 : 0;
    nearly[cell] = (difference[cell] as number) > NEARLY_CHANGED ? 1 : 0;
  }
  const beside = dilate(surely, now, 1);
  // Far from every new edge it is light: a lamp's soft rim, a lantern's glow.
  const drawnNear = dilate(drawn, now, EDGE_REACH);
  const grown = nearly.map((value, cell) => value & (beside[cell] as number) & (drawnNear[cell] as number));
  const closed = fillHoles(erode(dilate(grown, now, CLOSE_GAPS), now, CLOSE_GAPS), now);
  const solid = dilate(erode(closed, now, 1), now, 1).map((value, cell) => value & (closed[cell] as number));
  const least = LEAST_AREA * now.width * now.height;
  const atEdge = dilate(drawn, now, 1);
  const firm = (cells: readonly number[], mask: Uint8Array): boolean =>
    cells.length >= least && outlineShare(cells, { solid: mask, atEdge, now }) >= LEAST_OUTLINE;
  const peeled = solid.slice();
  for (let step = 0; step < EDGE_REACH; step++) peel(peeled, { atEdge, now });
  return findRegions(solid, now).flatMap((region) => {
    if (firm(region.cells, solid)) return [region];
    // Somebody in a lamp's rim: what is left without the rim must be full of edges.
    const core = new Uint8Array(solid.length);
    for (const cell of region.cells) core[cell] = peeled[cell] as number;
    return findRegions(core, now).filter(({ cells }) => {
      let count = 0;
      for (const cell of cells) count += drawn[cell] as number;
      return count >= LEAST_EDGES * cells.length && firm(cells, core);
    });
  });
}

/** Takes away the outermost cells where no new edge is: a fringe of light round somebody. */
function peel(
  solid: Uint8Array,
  { atEdge, now }: { readonly atEdge: Uint8Array; readonly now: Cells },
): void {
  const inner = erode(solid, now, 1);
  for (let cell = 0; cell < solid.length; cell++) {
    if (!inner[cell] && !atEdge[cell]) solid[cell] = 0;
  }
}

/** The share of a region's outline that runs along new edges. */
function outlineShare(
  cells: readonly number[],
  { solid, atEdge, now }: { readonly solid: Uint8Array; readonly atEdge: Uint8Array; readonly now: Cells },
): number {
  const { width, height } = now;
  let outline = 0;
  let along = 0;
  for (const cell of cells) {
    const x = cell % width;
    // The picture's edge is nobody's outline.
    if (x === 0 || x === width - 1 || cell < width || cell >= width * (height - 1)) continue;
    const inside = solid[cell - 1] && solid[cell + 1] && solid[cell - width] && solid[cell + width];
    if (inside) continue;
    outline++;
    along += atEdge[cell] as number;
  }
  return outline === 0 ? 0 : along / outline;
}

function proposals(
  regions: readonly Region[],
  { difference, now }: { readonly difference: Float32Array; readonly now: Cells },
): BoxProposal[] {
  return regions
    .flatMap((region) => [region, ...splitRegion(region, now.width), ...partsUnderHeads(region, now.width)])
    .map(({ left, top, right, bottom, cells }) => {
      let sum = 0;
      for (const cell of cells) sum += Math.min(12, difference[cell] as number) / 12;
      const box = {
        left: left * now.side,
        top: top * now.side,
        width: (right - left) * now.side,
        height: (bottom - top) * now.side,
      };
      // Large and clearly different before small and faint.
      return { box, score: 1 - Math.exp(-sum / (0.01 * now.width * now.height)) };
    })
    .sort((a, b) => b.score - a.score);
}

/** The largest change of the light between two frames, as a logarithm, leaving out the odd node. */
function lightStep(before: LightField, after: LightField): number {
  const steps = after.logGains.flatMap((grid, channel) =>
    Array.from(grid, (gain, node) =>
      Math.abs(gain - ((before.logGains[channel] as Float32Array)[node] as number)),
    ),
  );
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length * 0.8)] ?? 0;
}
