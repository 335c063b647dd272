import type { LoadClient, LoadResult } from "./load.ts";
import type { Level, Load } from "./triton-report.ts";

export const CLIENTS = ["ours", "perfAnalyzer", "pythonClient"] as const;
export type ClientName = (typeof CLIENTS)[number];

export type Round = Readonly<Record<ClientName, LoadResult>>;

export interface RoundsOptions {
  readonly clients: Readonly<Record<ClientName, LoadClient>>;
  readonly concurrencies: readonly number[];
  readonly rounds: number;
  /** Of measurement, for each client in each round. */
  readonly seconds: number;
  readonly onRound?: (round: number) => void;
}

/**
 * Every client at every concurrency, one after the other, and again: whatever else the machine does, it does to all
 * alike. Each round begins with another client.
 */
export async function measureRounds(options: RoundsOptions): Promise<ReadonlyMap<number, readonly Round[]>> {
  const { clients, concurrencies, rounds, seconds, onRound } = options;
  const measured = new Map<number, Round[]>(concurrencies.map((concurrency) => [concurrency, []]));
  for (let round = 0; round < rounds; round++) {
    for (const concurrency of concurrencies) {
      const results: Partial<Record<ClientName, LoadResult>> = {};
      for (let turn = 0; turn < CLIENTS.length; turn++) {
        const name = CLIENTS[(round + turn) % CLIENTS.length] ?? "ours";
        results[name] = await clients[name].run(concurrency, seconds);
      }
      measured.get(concurrency)?.push(results as Round);
    }
    onRound?.(round + 1);
  }
  return measured;
}

/** The rounds of one concurrency in one figure each. */
export function compareRounds(rounds: readonly Round[]): Level {
  const of = (name: ClientName) => summarizeLoad(rounds.map((round) => round[name]));
  return {
    ours: of("ours"),
    perfAnalyzer: of("perfAnalyzer"),
    pythonClient: of("pythonClient"),
    throughputRatio: rounded(
      median(
        rounds.map(({ ours, perfAnalyzer }) => ours.inferencesPerSecond / perfAnalyzer.inferencesPerSecond),
      ),
    ),
    p50DifferenceMs: rounded(median(rounds.map(({ ours, perfAnalyzer }) => ours.p50Ms - perfAnalyzer.p50Ms))),
  };
}

function summarizeLoad(results: readonly LoadResult[]): Load {
  const rates = results.map(({ inferencesPerSecond }) => inferencesPerSecond);
  const cpu = results.flatMap(({ cpuMsPerInference }) =>
    cpuMsPerInference === undefined ? [] : [cpuMsPerInference],
  );
  return {
    inferencesPerSecond: rounded(median(rates)),
    spread: { min: rounded(Math.min(...rates)), max: rounded(Math.max(...rates)) },
    p50Ms: rounded(median(results.map(({ p50Ms }) => p50Ms))),
    p90Ms: rounded(median(results.map(({ p90Ms }) => p90Ms))),
    p99Ms: rounded(median(results.map(({ p99Ms }) => p99Ms))),
    ...(cpu.length > 0 && { cpuMsPerInference: rounded(median(cpu)) }),
  };
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(middle)] ?? Number.NaN) + (ascending[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
