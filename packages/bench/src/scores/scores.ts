import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SeededRandom } from "@followspot/domain";
import { Closer } from "@followspot/runtime";
import { QWEN_MODELS, qwenRepository, tinyQwenForTests } from "@followspot/testkit";
import { TritonClient } from "@followspot/triton";
import { ensurePython, TritonServer } from "@followspot/triton-server";
import { type BenchOptions, SEED } from "../bench-context.ts";
import { describeMachine, describeRecognitionVersions } from "../machine.ts";
import { summarize } from "../summary.ts";
import type { ScoresReport } from "./scores-report.ts";
import { type WayToAsk, waysToAsk } from "./ways-to-ask.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const PICTURE = "shows/little-red-riding-hood/dataset/wolf-01.jpg";
const SYSTEM_TEXTS = "deploy/triton/tiny/system-texts.json";
/** A cast of 30: the sample show's 13, and 17 that do not exist. */
const CAST = [
  ..."axe basket bed bird bottle cake flowers grandmother lantern mother red wolf woodcutter".split(" "),
  ...Array.from({ length: 17 }, (_, at) => `extra-${at + 1}`),
];
const ROUNDS = { usual: 40, quick: 3 };
const WARM_UP_ROUNDS = 1;
const GOAL = 8;

/**
 * One picture and 30 labels asked in four ways, on the same real tritonserver with the same small Qwen2-VL on the CPU,
 * in turns: what one pass over the shared prefix saves.
 */
export async function scores(options: BenchOptions): Promise<ScoresReport> {
  const { say = () => {}, quick = false } = options;
  const startedAt = new Date();
  const torch = await ensurePython("torch", say);
  const weights = await tinyQwenForTests(torch);
  const closer = new Closer();
  try {
    const repository = closer.add("repository", await qwenRepository(torch, { weights }));
    const server = closer.add(
      "server",
      await TritonServer.start({
        repositories: [repository.folder, QWEN_MODELS.words.repository],
        stub: torch,
        env: { OMP_NUM_THREADS: "1", FOLLOWSPOT_TINY_WEIGHTS: weights },
      }),
    );
    const client = closer.add("client", await TritonClient.connect({ address: server.address }));
    const ways = waysToAsk({
      client,
      jpeg: await readFile(join(ROOT, PICTURE)),
      labels: CAST,
      system: JSON.parse(await readFile(join(ROOT, SYSTEM_TEXTS), "utf8"))[0],
      questions: JSON.parse(
        await readFile(join(ROOT, "deploy/triton/python/followspot_scores/questions.json"), "utf8"),
      ),
    });
    const rounds = ROUNDS[quick ? "quick" : "usual"];
    const times = await inTurns(ways, rounds, (round) => say(`round ${round} of ${rounds}`));
    const [together, alone] = [await ways.onePass(), await ways.callForEach()];
    const summaries = {
      onePassMs: summarize(times.onePass),
      callForEachMs: summarize(times.callForEach),
      yesNoCallsMs: summarize(times.yesNoCalls),
      listMs: summarize(times.list),
    };
    const times1 = summaries.onePassMs.p50;
    const ratios = {
      callForEach: summaries.callForEachMs.p50 / times1,
      yesNoCalls: summaries.yesNoCallsMs.p50 / times1,
      list: summaries.listMs.p50 / times1,
    };
    return {
      bench: "scores",
      machine: describeMachine(),
      versions: { node: describeRecognitionVersions().node ?? "", tritonserver: "2.51.0 (24.10)" },
      seed: SEED,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1_000,
      labels: CAST.length,
      ...summaries,
      ratios,
      widestGap: Math.max(...together.map((raw, at) => Math.abs(raw - (alone[at] ?? NaN)))),
      conditions: [
        "A Qwen2-VL of 1.3 million weights on the CPU, FP32, one thread: the ratios are of this size and this machine, not of a GPU.",
        "The calls for each label are eight at a time. The scores server keeps the system text's keys and values; the stand-in for vLLM on the `vllm` contract keeps nothing and does one request after the other, where vLLM would batch and cache: its two rows say what the tiny network costs, not what vLLM does.",
        "The list is constrained to the cast by a JSON schema.",
      ],
      goals: [
        {
          goal: `one pass at least ${GOAL} times faster than ${CAST.length} yes-or-no calls, at p50`,
          value: ratios.yesNoCalls,
          met: ratios.yesNoCalls >= GOAL,
        },
      ],
    };
  } finally {
    await closer.close();
  }
}

type Ways = ReturnType<typeof waysToAsk>;

/** Every way once in each round, in an order that changes. */
async function inTurns(
  ways: Ways,
  rounds: number,
  onRound: (round: number) => void,
): Promise<Record<keyof Ways, number[]>> {
  const random = new SeededRandom(SEED);
  const times: Record<keyof Ways, number[]> = { onePass: [], callForEach: [], yesNoCalls: [], list: [] };
  for (let round = 1 - WARM_UP_ROUNDS; round <= rounds; round++) {
    if (round > 0) onRound(round);
    const order = Object.keys(ways) as (keyof Ways)[];
    random.shuffle(order);
    for (const name of order) {
      const ask: WayToAsk<unknown> = ways[name];
      const beganMs = performance.now();
      await ask();
      if (round > 0) times[name].push(performance.now() - beganMs);
    }
  }
  return times;
}
