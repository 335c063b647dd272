import { type ProcessUsage, readProcessUsage } from "./process-usage.ts";
import type { ProcessCosts } from "./report.ts";

/** A process to look at. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
}

/** What processes cost between `begin` and `end`. */
export class CostMeter {
  readonly #watched: readonly Watched[];
  readonly #before: readonly ProcessUsage[];

  private constructor(watched: readonly Watched[], before: readonly ProcessUsage[]) {
    this.#watched = watched;
    this.#before = before;
  }

  static async begin(watched: readonly Watched[]): Promise<CostMeter> {
    return new CostMeter(watched, await usages(watched));
  }

  async end(): Promise<ProcessCosts> {
    const after = await usages(this.#watched);
    const costs: ProcessCosts = {};
    for (const [index, { name }] of this.#watched.entries()) {
      const [from, to] = [this.#before[index], after[index]];
      if (!from || !to) continue;
      costs[name] = {
        cpuSeconds: rounded(Math.max(0, to.cpuSeconds - from.cpuSeconds), 100),
        rssMbStart: rounded(from.rssMb, 10),
        rssMbEnd: rounded(to.rssMb, 10),
      };
    }
    return costs;
  }
}

function usages(watched: readonly Watched[]): Promise<ProcessUsage[]> {
  return Promise.all(watched.map(({ pid }) => readProcessUsage(pid)));
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
