import { loadavg } from "node:os";
import { SeededRandom } from "@followspot/domain";
import { Closer } from "@followspot/runtime";
import {
  ensurePerfAnalyzer,
  ensurePython,
  type PerfAnalyzer,
  type PythonEnvironment,
  STAND_IN_MODELS,
  TritonServer,
} from "@followspot/triton-server";
import { type BenchOptions, SEED } from "../bench-context.ts";
import { describeMachine, describeRecognitionVersions } from "../machine.ts";
import type { Goal } from "../report-parts.ts";
import { type ClientName, compareRounds, measureRounds, type RoundsOptions } from "./compare.ts";
import type { LoadClient, LoadRequest } from "./load.ts";
import { ourClient } from "./our-client.ts";
import { perfAnalyzerClient } from "./perf-analyzer.ts";
import { pythonClient } from "./python-client.ts";
import type { Level, TritonReport } from "./triton-report.ts";

const CONCURRENCIES = [1, 4, 8];
const HEADLINE = 4;
const IMAGE_BYTES = 100_000;
const LABELS = 30;
const ROUNDS = { usual: 7, quick: 2 };
const SECONDS = { usual: 1.5, quick: 0.9 };
const LEAST_RATIO = 0.9;
const MOST_DIFFERENCE_MS = 1;
/** Above it, other work takes time from what is measured. */
const QUIET_LOAD = 0.3;

/**
 * Our client against NVIDIA's own, perf_analyzer in C++ and the Python one, on the same tritonserver with the same
 * requests, in turns. The model answers at once, so that the clients are what differs.
 */
export async function triton(options: BenchOptions): Promise<TritonReport> {
  const { say = () => {}, quick = false } = options;
  const startedAt = new Date();
  const [load = 0] = loadavg();
  const python = await ensurePython("server", say);
  const analyzer = await ensurePerfAnalyzer(python, say);
  const closer = new Closer();
  try {
    const models = quick ? ["scores"] : ["scores", "scores_batched"];
    const server = closer.add(
      "server",
      await TritonServer.start({ repositories: [STAND_IN_MODELS], models, stub: python }),
    );
    const rounds = ROUNDS[quick ? "quick" : "usual"];
    const seconds = options.seconds ?? SECONDS[quick ? "quick" : "usual"];
    const measure = async (model: string) => {
      const request = loadRequest(server, model);
      const clients = await openClients(closer, request, { python, analyzer });
      const onRound = (round: number) => say(`${model}: round ${round} of ${rounds}`);
      return levels({ clients, concurrencies: CONCURRENCIES, rounds, seconds, onRound });
    };
    const byConcurrency = await measure("scores");
    const headline = byConcurrency[HEADLINE];
    if (!headline) throw new Error(`nothing was measured at concurrency ${HEADLINE}`);
    return {
      bench: "triton",
      machine: describeMachine(),
      versions: {
        node: describeRecognitionVersions().node ?? "",
        tritonserver: "2.51.0 (24.10)",
        perf_analyzer: "2.48.0",
      },
      seed: SEED,
      startedAt: startedAt.toISOString(),
      headlineConcurrency: HEADLINE,
      ours: headline.ours,
      perfAnalyzer: headline.perfAnalyzer,
      pythonClient: headline.pythonClient,
      byConcurrency,
      ...(!quick && { batched: await measure("scores_batched") }),
      request: { imageBytes: IMAGE_BYTES, labels: LABELS },
      rounds,
      conditions: [
        `Each request has an image of ${IMAGE_BYTES} bytes and ${LABELS} labels; the model, in Triton's Python backend, answers with a hash.`,
        `Server and client share this machine, over loopback. ${rounds} rounds of ${seconds} s for each client and concurrency, in turns.`,
        "Ours is timed from the question as the worker has it to the checked answer, in one process with one thread; the Python client from numpy arrays to numpy arrays, a thread for each request; perf_analyzer sends bytes that it made before, a thread for each request, and does not read the answer.",
        "Before the first round our client runs until its time for a call no longer falls, for 20 s at most, since its engine compiles while it runs; perf_analyzer was compiled before.",
        `Ratios and differences are medians of the rounds' own. The load average was ${load.toFixed(1)} at the start${load > QUIET_LOAD ? ": other work ran, so compare the clients with each other only" : ""}.`,
      ],
      goals: goalsOf(byConcurrency),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
    };
  } finally {
    await closer.close();
  }
}

async function openClients(
  closer: Closer,
  request: LoadRequest,
  { python, analyzer }: { python: PythonEnvironment; analyzer: PerfAnalyzer },
): Promise<Record<ClientName, LoadClient>> {
  return {
    ours: closer.add("ours", await ourClient(request)),
    perfAnalyzer: closer.add("perf_analyzer", await perfAnalyzerClient(analyzer, request)),
    pythonClient: closer.add("python", await pythonClient(python, request)),
  };
}

async function levels(options: RoundsOptions): Promise<Record<string, Level>> {
  const measured = await measureRounds(options);
  return Object.fromEntries(
    [...measured].map(([concurrency, rounds]) => [concurrency, compareRounds(rounds)]),
  );
}

function loadRequest(server: TritonServer, model: string): LoadRequest {
  const random = new SeededRandom(SEED);
  const jpeg = Buffer.from(Uint8Array.from({ length: IMAGE_BYTES }, () => random.next() * 256));
  jpeg.set([0xff, 0xd8]);
  return {
    target: server.address.replace("grpc://", ""),
    model,
    batched: model === "scores_batched",
    jpeg,
    labels: Array.from({ length: LABELS }, (_, index) => `puppet-${index + 1}`),
  };
}

function goalsOf(byConcurrency: Readonly<Record<string, Level>>): Goal[] {
  return Object.entries(byConcurrency).flatMap(([concurrency, { throughputRatio, p50DifferenceMs }]) => [
    {
      goal: `concurrency ${concurrency}: throughput at least ${LEAST_RATIO} of perf_analyzer's`,
      value: throughputRatio,
      met: throughputRatio >= LEAST_RATIO,
    },
    {
      goal: `concurrency ${concurrency}: at most ${MOST_DIFFERENCE_MS} ms more than perf_analyzer at p50`,
      value: p50DifferenceMs,
      met: p50DifferenceMs <= MOST_DIFFERENCE_MS,
    },
  ]);
}
