import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { InferenceError, parseScores, scoresRequest, TritonClient } from "@followspot/triton";
import { runTool } from "@followspot/triton-server";
import { kserveSuite } from "./kserve-suite.ts";
import { qwenRepository } from "./qwen-repository.ts";
import { QWEN_MODELS, TINY_PYTHON, tinyQwenForTests } from "./tiny-qwen-for-tests.ts";
import { pythonForTests, tritonForTests } from "./triton-for-tests.ts";
import { until } from "./until.ts";

/**
 * Our scores server, and the stand-in for vLLM, with a small Qwen2-VL that was taught the sample show's puppets, in a
 * real tritonserver on the CPU.
 */
const ROOT = join(import.meta.dirname, "../../..");
const DATASET = join(ROOT, "shows/little-red-riding-hood/dataset");
const CAST = "axe basket bed bird bottle cake flowers grandmother lantern mother red wolf woodcutter".split(
  " ",
);
const CALL = { deadlineMs: 60_000 };

const { scores: SCORES, words: WORDS } = QWEN_MODELS;

const { python, skip } = await pythonForTests("torch");
const system: string = JSON.parse(
  await readFile(join(ROOT, "deploy/triton/tiny/system-texts.json"), "utf8"),
)[0];
const jpeg = await readFile(join(DATASET, "wolf-01.jpg"));

const setUp = python && (await start(python));
const address = setUp?.triton.address ?? "";

kserveSuite("real Triton, Qwen2-VL, scores", {
  contract: "scores",
  skip,
  open: async () => ({ address, model: SCORES.model, jpeg, labels: CAST, batched: true }),
});

kserveSuite("real Triton, Qwen2-VL, words", {
  contract: "vllm",
  skip,
  open: async () => ({ address, model: WORDS.model, jpeg, obeysSampling: true }),
});

test("the small Qwen2-VL tells the puppets apart on photographs that it has never seen", {
  skip,
}, async () => {
  const marks: Marks = JSON.parse(await readFile(join(weights(), "marks.json"), "utf8"));
  const truth = await labelsOfPhotographs();
  let [first, asked, yes, yesDeserved, no, noDeserved] = [0, 0, 0, 0, 0, 0];
  for (const file of marks.held_out) {
    const shown = truth.get(file) ?? [];
    const { labels } = await ask({ jpeg: await readFile(join(DATASET, file)), labels: CAST, prompt: system });
    const best = labels.toSorted((one, other) => other.raw - one.raw)[0];
    for (const { label, score } of labels) {
      if (shown.includes(label)) [yes, yesDeserved] = [yes + Number(score > 0.5), yesDeserved + 1];
      else [no, noDeserved] = [no + Number(score <= 0.5), noDeserved + 1];
    }
    if (shown.some((label) => CAST.includes(label))) {
      asked++;
      first += Number(shown.includes(best?.label ?? ""));
    }
  }
  // Chance is 1 in 13. Whoever always says yes has every yes and no no: that is the collapse.
  assert.ok(first / asked >= 0.5, `${first} of ${asked} named`);
  assert.ok(yes / yesDeserved >= 0.5, `${yes} of ${yesDeserved} found`);
  assert.ok(no / noDeserved >= 0.75, `${no} of ${noDeserved} rightly denied`);
});

test("a label's score does not depend on its place, on the others, or on the batch", { skip }, async () => {
  const alone = await ask({ jpeg, labels: ["wolf"] });
  const all = await ask({ jpeg, labels: CAST });
  const backwards = await ask({ jpeg, labels: CAST.toReversed() });
  const wolf = rawOf(all, "wolf");
  for (const answer of [alone, backwards]) assert.ok(Math.abs(rawOf(answer, "wolf") - wolf) < 1e-3);
});

test("requests at the same time share a pass, and each gets the answer that it gets alone", {
  skip,
}, async () => {
  const files = ["wolf-02.jpg", "red-01.jpg", "cake-03.jpg", "bed-02.jpg"];
  const pictures = await Promise.all(files.map((file) => readFile(join(DATASET, file))));
  const questions = Array.from({ length: 16 }, (_, at) => ({
    jpeg: pictures[at % pictures.length] ?? jpeg,
    labels: CAST.slice(0, 3 + (at % 5)),
    prompt: system,
  }));
  const single = [];
  for (const question of questions) single.push(await ask(question));
  const before = await counts();
  const together = await Promise.all(questions.map(ask));
  // An answer is sent before it is counted: the last one of those before may be among these.
  await until(
    "all are counted",
    async () => (await counts()).inferences - before.inferences >= questions.length,
  );
  const after = await counts();
  assert.ok(after.executions - before.executions < questions.length, "some shared a pass");
  for (const [at, answer] of together.entries()) {
    for (const { label, raw } of answer.labels) {
      assert.ok(Math.abs(raw - rawOf(single[at], label)) < 1e-3, `${label} of question ${at}`);
    }
  }
});

test("an adapter is chosen by name, beside others in the same batch; an unknown one is refused", {
  skip,
}, async () => {
  const bare = await ask({ jpeg, labels: CAST });
  const [other, again] = await Promise.all([
    ask({ jpeg, labels: CAST, adapter: "odd" }),
    ask({ jpeg, labels: CAST }),
  ]);
  assert.ok(widestGap(other, bare) > 0.05, "the adapter changes the answer");
  assert.ok(widestGap(again, bare) < 1e-3, "and nobody else's");
  await refused({ jpeg, labels: CAST, adapter: "even" }, /no adapter "even"; known are: odd/);
});

test("boxes are looked for on demand, and one that cannot be read is no box", { skip }, async () => {
  const without = await ask({ jpeg, labels: CAST });
  assert.ok(without.labels.every(({ box }) => box === undefined));
  // The small network has not learnt to write coordinates: that what is written is what the plain model writes, and
  // that it is read, is tested in Python.
  const { labels } = await ask({ jpeg, labels: CAST, boxes: true });
  for (const { label, raw, box } of labels) {
    assert.ok(Math.abs(raw - rawOf(without, label)) < 1e-3, "scores are the same with boxes");
    if (box) assert.ok(raw > 0 && box.left >= 0 && box.right <= 640 && box.top >= 0 && box.bottom <= 480);
  }
});

const BAD: Readonly<Record<string, readonly [Partial<Parameters<typeof ask>[0]>, RegExp]>> = {
  "no picture": [{ jpeg: Buffer.from("this is no picture") }, /no picture that can be read/],
  "half a picture": [{ jpeg: jpeg.subarray(0, 2_000) }, /no picture that can be read/],
  "an empty picture": [{ jpeg: new Uint8Array() }, /no bytes/],
  "500 labels": [{ labels: Array.from({ length: 500 }, (_, at) => `label-${at}`) }, /500 labels/],
  "a label twice": [{ labels: ["wolf", "wolf"] }, /sent twice/],
  "a mark in a label": [{ labels: ["<|im_end|>"] }, /no label/],
  "an unknown adapter": [{ adapter: "nobody's" }, /no adapter/],
};

test("what is wrong with one request is said to that one; the others of its batch are answered", {
  skip,
}, async () => {
  const good = rawOf(await ask({ jpeg, labels: CAST }), "wolf");
  const outcomes = await Promise.allSettled(
    Object.values(BAD).flatMap(([change]) => [
      ask({ jpeg, labels: CAST, ...change }),
      ask({ jpeg, labels: CAST }),
    ]),
  );
  for (const [at, [what, [, sentence]]] of Object.entries(BAD).entries()) {
    const [bad, beside] = outcomes.slice(2 * at, 2 * at + 2);
    assert.ok(bad?.status === "rejected" && bad.reason instanceof InferenceError, what);
    assert.equal(bad.reason.reason, "rejected", what);
    assert.match(bad.reason.message, sentence, what);
    assert.ok(beside?.status === "fulfilled", what);
    assert.ok(Math.abs(rawOf(beside.value, "wolf") - good) < 1e-3, what);
  }
});

interface Marks {
  readonly held_out: readonly string[];
}

async function start(torch: NonNullable<typeof python>) {
  const made = await tinyQwenForTests(torch);
  const adapters = await mkdtemp(join(tmpdir(), "followspot-adapters-"));
  const { ok, lastLine } = await runTool(
    torch.python,
    ["-m", "followspot_tiny.make_adapter", join(adapters, "odd"), "--weights", made],
    TINY_PYTHON,
  );
  assert.ok(ok, lastLine);
  const repository = await qwenRepository(torch, { weights: made, adapters, labels: CAST.join(",") });
  const triton = await tritonForTests({
    repositories: [repository.folder, WORDS.repository],
    stub: torch,
    env: { OMP_NUM_THREADS: "1", FOLLOWSPOT_TINY_WEIGHTS: made, FOLLOWSPOT_TINY_ADAPTERS: adapters },
  });
  const client = await TritonClient.connect({ address: triton.address });
  after(async () => {
    await client.close();
    await repository.close();
    await rm(adapters, { recursive: true });
  });
  return { weights: made, triton, client };
}

function weights(): string {
  return setUp?.weights ?? "";
}

async function ask(
  question: Omit<Parameters<typeof scoresRequest>[0], "model" | "id" | "batched">,
): Promise<ReturnType<typeof parseScores>> {
  assert.ok(setUp);
  const request = scoresRequest({ ...question, model: SCORES.model, id: "1", batched: true });
  return parseScores(await setUp.client.infer(request, CALL), { asked: question.labels, batched: true });
}

async function refused(question: Parameters<typeof ask>[0], sentence: RegExp): Promise<void> {
  await assert.rejects(ask(question), (error) => {
    assert.ok(error instanceof InferenceError && error.reason === "rejected", String(error));
    assert.match(error.message, sentence);
    return true;
  });
}

function rawOf(answer: ReturnType<typeof parseScores> | undefined, wanted: string): number {
  const raw = answer?.labels.find(({ label }) => label === wanted)?.raw;
  assert.ok(raw !== undefined, `${wanted} is scored`);
  return raw;
}

type Answer = ReturnType<typeof parseScores>;

function widestGap(one: Answer, other: Answer): number {
  return Math.max(...one.labels.map(({ label, raw }) => Math.abs(raw - rawOf(other, label))));
}

async function counts(): Promise<{ inferences: number; executions: number }> {
  assert.ok(setUp);
  const [model] = (await setUp.client.statistics(SCORES.model)).modelStats;
  return { inferences: Number(model?.inferenceCount), executions: Number(model?.executionCount) };
}

async function labelsOfPhotographs(): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = (await readFile(join(DATASET, "metadata.jsonl"), "utf8")).trim().split("\n");
  const photographs: { file_name: string; objects: { categories: string[] } }[] = rows.map((row) =>
    JSON.parse(row),
  );
  return new Map(photographs.map(({ file_name, objects }) => [file_name, objects.categories]));
}
