import type { Box } from "@followspot/dataset";
import type { Recall } from "./proposals-report.ts";

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}

/** The place of the first proposal that meets the box, from 1; undefined where none does. */
export function rankOf(truth: Box, proposals: readonly Box[], iou: number): number | undefined {
  const at = proposals.findIndex((proposal) => overlap(truth, proposal) >= iou);
  return at < 0 ? undefined : at + 1;
}

/** Counts how early true boxes are met. */
export class RecallTally {
  readonly #ranks: number[] = [];

  count(rank: number | undefined): void {
    this.#ranks.push(rank ?? Number.POSITIVE_INFINITY);
  }

  get recall(): Recall {
    return {
      boxes: this.#ranks.length,
      at5: this.#within(5),
      at10: this.#within(10),
      at20: this.#within(20),
    };
  }

  #within(places: number): number {
    if (this.#ranks.length === 0) return 0;
    const met = this.#ranks.filter((rank) => rank <= places).length;
    return Math.round((met / this.#ranks.length) * 10_000) / 10_000;
  }
}

/** The tally of a name, made where there is none yet. */
export function tallyOf(tallies: Map<string, RecallTally>, name: string): RecallTally {
  const tally = tallies.get(name) ?? new RecallTally();
  tallies.set(name, tally);
  return tally;
}
