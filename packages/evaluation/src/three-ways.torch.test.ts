import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeModel, fitUnderstudy, describeSamples } from "@followspot/recognition";
import {
  pythonForTests,
  QWEN_MODELS,
  qwenRepository,
  tinyQwenForTests,
  tritonForTests,
} from "@followspot/testkit";
import { calibrate } from "./calibrate/calibrate.ts";
import { evaluate } from "./evaluate.ts";
import type { EvaluationReport, PictureReport } from "./evaluation-report.ts";
import { readExhibits, showsStranger } from "./exam/exhibit.ts";

// A real tritonserver with a small Qwen2-VL that was taught the sample show, in both contracts, put to one exam.
const SAMPLE = join(import.meta.dirname, "../../../shows/little-red-riding-hood");
/** As large as the small network's pictures get: 30 tokens. */
const SMALL = 30 * 28 * 28;
const STRANGERS = 2;
const CAST = ["red", "wolf", "woodcutter", "bird", "basket", "lantern"];

const environment = await pythonForTests("torch");
const options = { skip: environment.skip };
const dir = await mkdtemp(join(tmpdir(), "followspot-three-ways-"));
after(() => rm(dir, { recursive: true, force: true }));
const places = environment.python && (await serve(environment.python));

let report: EvaluationReport;
let recognizers: readonly string[];

before(async () => {
  if (!places) return;
  await keepForTesting(places.weights);
  const understudy = join(dir, "understudy.fsm");
  await writeFile(understudy, await understudyOfTheRest());
  const { scores, words } = places;
  recognizers = [
    `${scores}&ask=score`,
    `${words}&ask=score`,
    `${words}&ask=list`,
    `${words}&ask=verify&references=0&understudy=${understudy}`,
  ];
  report = await evaluate({
    datasetDir: join(dir, "dataset"),
    recognizers,
    protocol: "split",
    labels: CAST,
    seed: 1,
    threshold: 0.5,
    showDir: dir,
    command: "",
  });
});

test(
  "asked by score, by list, and by verification, it beats chance on pictures that it has not learnt from",
  options,
  () => {
    assert.equal(report.recognizers.length, recognizers.length);
    const chance = report.controls.random ?? 1;
    for (const { name, accuracy } of report.recognizers) {
      assert.equal(accuracy.unparseable, 0, name);
      assert.ok((accuracy.top1 ?? 0) > 2 * chance, `${name}: top-1 ${accuracy.top1}, chance ${chance}`);
      assert.ok(
        (accuracy.weighted ?? 0) > 0.6,
        `${name}: weighted ${accuracy.weighted}, always the same: 0.5`,
      );
      // Whoever always names the same has 0.05.
      assert.ok((accuracy.macroF1 ?? 0) > 0.6, `${name}: macro-F1 ${accuracy.macroF1}`);
    }
  },
);

test("one pass of the scores server and one question for each label say the same", options, () => {
  const [pass, calls] = [report, report.second];
  assert.ok(calls);
  for (const [at, one] of pass.pictures.entries()) {
    const other: PictureReport | undefined = calls.pictures[at];
    assert.equal(other?.file, one.file);
    assert.ok(Math.abs(other.score - one.score) < 0.02, `${one.file}: ${one.score} and ${other.score}`);
  }
});

test("the table names both contracts, how each was asked, and how the words were read", options, () => {
  assert.deepEqual(
    report.recognizers.map(({ contract, ask, accuracy }) => [contract, ask, Object.keys(accuracy.readings)]),
    [
      ["scores", "score", []],
      ["vllm", "score", ["probabilities"]],
      ["vllm", "list", ["json"]],
      ["vllm", "verify", ["json"]],
    ],
  );
  assert.match(report.recognizers[0]?.hardware.program ?? "", /^triton 2\./);
});

test(
  "a calibration makes the log loss on scenes held out at most a twentieth worse, and tells single subjects apart",
  options,
  async () => {
    const [recognizer = ""] = recognizers;
    const fitted = await calibrate({
      recognizer,
      datasetDir: join(dir, "dataset"),
      showDir: dir,
      labels: CAST,
      seed: 1,
    });
    assert.equal(fitted.onlyTest, true);
    const { before: raw, after: held } = fitted;
    assert.ok(held.logLoss <= raw.logLoss * 1.05, `log loss ${raw.logLoss} became ${held.logLoss}`);
    assert.ok(fitted.calibration.accuracy > 0.4, `accuracy ${fitted.calibration.accuracy}`);
  },
);

/** Both models on one real server, over the same weights. */
async function serve(torch: Parameters<typeof tinyQwenForTests>[0]) {
  const weights = await tinyQwenForTests(torch);
  const repository = await qwenRepository(torch, { weights });
  after(() => repository.close());
  const server = await tritonForTests({
    repositories: [repository.folder, QWEN_MODELS.words.repository],
    models: [repository.model, QWEN_MODELS.words.model],
    stub: torch,
    env: { OMP_NUM_THREADS: "1", FOLLOWSPOT_TINY_WEIGHTS: weights, FOLLOWSPOT_TINY_ADAPTERS: "" },
  });
  const of = (model: string) => `${server.address}/${model}?maxPixels=${SMALL}`;
  return { weights, scores: of(repository.model), words: of(QWEN_MODELS.words.model) };
}

/** The show with the pictures of our cast alone; those that the small network has not seen are for testing. */
async function keepForTesting(weights: string): Promise<void> {
  const marks = JSON.parse(await readFile(join(weights, "marks.json"), "utf8"));
  const unseen: readonly string[] = marks.held_out;
  await cp(join(SAMPLE, "show.yaml"), join(dir, "show.yaml"));
  await cp(join(SAMPLE, "dataset"), join(dir, "dataset"), { recursive: true });
  const file = join(dir, "dataset/metadata.jsonl");
  let strangers = 0;
  const lines = (await readFile(file, "utf8")).split("\n").flatMap((line) => {
    if (line.trim() === "") return [];
    const entry = JSON.parse(line);
    const kept = unseen.includes(entry.file_name);
    if (entry.kind === "unknown" ? !kept || ++strangers > STRANGERS : !CAST.includes(entry.name)) return [];
    return [JSON.stringify({ ...entry, split: kept ? "test" : "train" })];
  });
  await writeFile(file, `${lines.join("\n")}\n`);
}

/** Who proposes must not have learnt from the pictures of the exam, either. */
async function understudyOfTheRest(): Promise<Uint8Array> {
  const { exhibits } = await readExhibits(join(dir, "dataset"), CAST);
  const train = exhibits.filter((exhibit) => exhibit.split === "train" && !showsStranger(exhibit));
  const samples = await Promise.all(train.map((exhibit) => exhibit.load()));
  return encodeModel(await fitUnderstudy(await describeSamples(samples), { seed: 1 }));
}
