import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIENTS, type ClientName, compareRounds, measureRounds, median, type Round } from "./compare.ts";
import type { LoadClient, LoadResult } from "./load.ts";
import { parsePerfAnalyzerCsv } from "./perf-analyzer.ts";

function result(inferencesPerSecond: number, p50Ms = 1): LoadResult {
  return { inferencesPerSecond, p50Ms, p90Ms: p50Ms, p99Ms: p50Ms };
}

test("the clients take turns, and each round begins with another", async () => {
  const asked: string[] = [];
  const client = (name: ClientName): LoadClient => ({
    run: async (concurrency) => {
      asked.push(`${name} ${concurrency}`);
      return result(1);
    },
    close: async () => {},
  });
  const clients = {
    ours: client("ours"),
    perfAnalyzer: client("perfAnalyzer"),
    pythonClient: client("pythonClient"),
  };
  const measured = await measureRounds({ clients, concurrencies: [1, 4], rounds: 3, seconds: 1 });
  assert.deepEqual(asked.slice(0, 4), ["ours 1", "perfAnalyzer 1", "pythonClient 1", "ours 4"]);
  assert.deepEqual([asked[6], asked[12]], ["perfAnalyzer 1", "pythonClient 1"]);
  assert.deepEqual(
    [...measured].map(([concurrency, rounds]) => [concurrency, rounds.length]),
    [
      [1, 3],
      [4, 3],
    ],
  );
  for (const [round] of measured.values())
    assert.deepEqual(Object.keys(round ?? {}).sort(), CLIENTS.toSorted());
});

test("a ratio is the median of the rounds' own, so that what slows a whole round down does not count", () => {
  const round = (ours: number, perfAnalyzer: number): Round => ({
    ours: result(ours, 2),
    perfAnalyzer: result(perfAnalyzer, 1.5),
    pythonClient: result(10),
  });
  const level = compareRounds([round(900, 1_000), round(80, 100), round(99, 100)]);
  assert.equal(level.throughputRatio, 0.9);
  assert.equal(level.p50DifferenceMs, 0.5);
  assert.equal(level.ours.inferencesPerSecond, 99);
  assert.deepEqual(level.ours.spread, { min: 80, max: 900 });
});

test("the median of an even number is the mean of the middle two", () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("perf_analyzer's report is read by its heads, microseconds become milliseconds, and a missing column is named", () => {
  const heads = "Concurrency,Inferences/Second,Client Send,p50 latency,p90 latency,p95 latency,p99 latency";
  assert.deepEqual(parsePerfAnalyzerCsv(`${heads}\n8,2389.34,7,2781,4086,6981,14170\n`), {
    inferencesPerSecond: 2389.34,
    p50Ms: 2.781,
    p90Ms: 4.086,
    p99Ms: 14.17,
  });
  assert.throws(() => parsePerfAnalyzerCsv("Concurrency,Inferences/Second\n8,1\n"), /p50 latency/);
});
