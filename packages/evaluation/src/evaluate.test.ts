import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { UserError } from "@followspot/domain";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { evaluate, type EvaluateOptions } from "./evaluate.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { formatEvaluation } from "./format-evaluation.ts";
import { renderEvaluation } from "./html/render-evaluation.ts";
import { readPreviousRun } from "./previous-run.ts";
import { paintDataset } from "./testdata/paint-dataset.ts";

const dir = await mkdtemp(join(tmpdir(), "followspot-evaluate-"));
after(() => rm(dir, { recursive: true, force: true }));

const datasetDir = join(dir, "dataset");
await paintDataset(datasetDir, { each: 2 });

function options(changes: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return {
    datasetDir,
    recognizers: ["understudy"],
    protocol: "leave-one-scene-out",
    seed: 1,
    threshold: 0.5,
    showDir: dir,
    command: "followspot evaluate --labels 'a<b'",
    ...changes,
  };
}

/** Without what may differ from run to run. */
function steady(report: EvaluationReport): Partial<EvaluationReport> {
  const rest: Partial<Record<keyof EvaluationReport, unknown>> = { ...report };
  for (const field of ["startedAt", "seconds", "peakMemoryMb", "latencyMs", "goals", "recognizers"] as const)
    delete rest[field];
  return rest as Partial<EvaluationReport>;
}

describe("the understudy, trained anew without each scene", () => {
  let report: EvaluationReport;
  before(async () => {
    report = await evaluate(options());
  });

  test("is asked about every picture once, and names what is told apart at a glance", () => {
    assert.equal(report.n, 24);
    assert.equal(report.accuracy.n, 18);
    assert.equal(report.recognizer.learns, true);
    assert.deepEqual(Object.keys(report.perLabel), ["axe", "red", "wolf"]);
    assert.equal(new Set(report.pictures.map(({ file }) => file)).size, 24);
    assert.ok((report.accuracy.top1 ?? 0) > 0.6, `${report.accuracy.top1}`);
    assert.ok(Math.abs((report.controls.random ?? 0) - 1 / 3) < 1e-9);
    assert.deepEqual(report.controls.backgroundFrom, { boxes: 18, borders: 0 });
    assert.ok((report.controls.backgroundOnly ?? 1) < (report.accuracy.top1 ?? 0));
  });

  test("the report says what it stands on", () => {
    assert.match(report.dataset.hash, /^[0-9a-f]{64}$/);
    assert.deepEqual([report.dataset.strangers, report.dataset.scenes, report.dataset.framed], [6, 3, 24]);
    assert.ok(report.latencyMs && report.latencyMs.n === 24 && report.latencyMs.p50 <= report.latencyMs.p99);
    assert.ok((report.recognizer.modelBytes ?? 0) > 100);
    assert.equal(report.goals.length, 5);
    assert.equal(report.comparison, null);
    assert.equal(report.multi.collages?.n, 60);
    assert.equal(report.multi.pictures?.n, 24);
    assert.match(
      formatEvaluation(report),
      /leave-one-scene-out, 24 of 24 pictures, 3 subjects, 3 scenes, seed 1/,
    );
  });

  test("the same seed gives the same figures", async () => {
    assert.deepEqual(steady(await evaluate(options())), steady(report));
  });

  test("the page carries everything within, runs nothing, and shows each mistake beside what it was taken for", async () => {
    const json = join(dir, "report.json");
    await writeFile(json, JSON.stringify(report));
    const page = await renderEvaluation(report, await readPreviousRun(json));
    assert.doesNotMatch(page, /<script|<link|https?:\/\/(?!www\.w3\.org)/);
    assert.match(page, /followspot evaluate --labels &#39;a&lt;b&#39;/);
    const mistakes = report.pictures.filter(({ right }) => !right).length;
    assert.equal(page.match(/class="card"/g)?.length ?? 0, mistakes);
    for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(page.includes(`id="${anchor}"`));
    const heads = Array.from(page.matchAll(/<h2>(.*?)<\/h2>/g), ([, head]) => head);
    assert.deepEqual(heads, [
      "Five criteria",
      "What changed",
      "Who is taken for whom",
      "Mistakes, the most confident first",
      "All figures",
      "Conditions",
      "What a score is worth",
      "How long a look takes",
      "Data card",
      "Model card",
      "The same again",
    ]);
  });
});

test("a served model is asked as it is, and compared with another on the same pictures", async () => {
  const answer = (who: string) => ({
    answer: ({ labels }: { labels: readonly string[] }) => ({
      labels: labels.map((label) => ({ label, score: label === who ? 0.9 : 0.1 })),
    }),
  });
  const triton = await ScriptedTriton.start({
    models: [
      { name: "always-red", ...answer("red") },
      { name: "always-wolf", ...answer("wolf") },
    ],
  });
  try {
    const report = await evaluate(
      options({
        recognizers: [`${triton.address}/always-red`, `${triton.address}/always-wolf`],
        labels: ["red", "wolf"],
      }),
    );
    assert.deepEqual([report.n, report.accuracy.n, report.dataset.leftOut], [18, 12, 6]);
    assert.equal(report.accuracy.top1, 0.5);
    assert.deepEqual([report.positive, report.negative, report.weighted], [0.5, 0.5, 0.5]);
    assert.equal(report.openSet?.auroc, 0.5);
    assert.equal(report.openSet?.falseNames, 1);
    assert.equal(report.controls.backgroundOnly, 0.5);
    assert.match(report.notes.join(" "), /leave-one-scene-out would need it to be trained anew/);
    assert.deepEqual(
      [report.comparison?.onlyFirst, report.comparison?.onlySecond, report.comparison?.mcnemarP],
      [6, 6, 1],
    );
    assert.equal(report.second?.accuracy.top1, 0.5);
    const page = await renderEvaluation(report);
    assert.match(page, /that is within chance \(exact McNemar, p = 1\.00\)/);
    assert.match(formatEvaluation(report), /exact McNemar p = 1\.00/);
  } finally {
    await triton.close();
  }
});

test("a language model is measured too, and what nobody can read counts as wrong", async () => {
  const texts = ["red", '["red"]', "red and wolf", "I am a language model", "[]"];
  const triton = await ScriptedTriton.start({
    models: [
      {
        name: "talker",
        contract: "vllm",
        texts: ({ image, number }) => [image.length === 0 ? "yes" : (texts[number % texts.length] ?? "")],
      },
    ],
  });
  try {
    const report = await evaluate(
      options({ recognizers: [`${triton.address}/talker?ask=list`], labels: ["red", "wolf"] }),
    );
    assert.equal(report.recognizer.contract, "vllm");
    const read = Object.values(report.readings).reduce((sum, count) => sum + count, 0);
    assert.equal(read + report.unparseable.n, report.n);
    assert.ok(report.unparseable.n >= 3);
    const unreadable = report.pictures.filter(({ guess }) => guess === "unparseable");
    assert.equal(unreadable.length, report.unparseable.n);
    assert.ok(unreadable.every(({ right }) => !right));
    assert.match(
      formatEvaluation(report),
      /read as json \d+, names \d+; \d+ of 18 unreadable, counted as wrong/,
    );
    assert.match(await renderEvaluation(report), /ranks nobody else/);
  } finally {
    await triton.close();
  }
});

test("several recognizers and text models stand side by side, each against the first", async () => {
  const always = (label: string) => ({
    name: `always-${label}`,
    slots: 4,
    answer: ({ labels }: { readonly labels: readonly string[] }) => ({
      labels: labels.map((one) => ({ label: one, score: one === label ? 0.9 : 0.1 })),
    }),
  });
  const triton = await ScriptedTriton.start({
    models: [
      always("red"),
      always("wolf"),
      {
        name: "lister",
        contract: "vllm",
        texts: ({ image }) => [image.length === 0 ? "yes" : '["axe"]'],
      },
      { name: "qwen2_text", contract: "vllm", texts: () => ["yes"] },
    ],
  });
  try {
    const report = await evaluate(
      options({
        recognizers: [
          `${triton.address}/always-red`,
          `${triton.address}/always-wolf`,
          `${triton.address}/lister?ask=list&sheet=qwen2-vl-2b`,
        ],
        textModels: [`${triton.address}/qwen2_text?sheet=qwen2-7b-instruct`],
      }),
    );
    assert.deepEqual(
      report.recognizers.map(({ ask, sheet, accuracy }) => [ask, sheet, accuracy.top1]),
      [
        [null, null, 1 / 3],
        [null, null, 1 / 3],
        ["list", "qwen2-vl-2b", 1 / 3],
      ],
    );
    assert.deepEqual(
      report.recognizers.map(({ againstFirst }) => againstFirst?.onlyFirst),
      [undefined, 6, 6],
    );
    assert.equal(report.second?.recognizer.name, report.recognizers[1]?.name);
    assert.deepEqual(report.comparison, report.recognizers[1]?.againstFirst);
    assert.equal(report.further.length, 1);
    assert.equal(report.recognizers[2]?.openness.licence, "Apache-2.0");
    const [text] = report.textModels;
    assert.deepEqual(
      [text?.sheet, text?.accuracy.json, text?.contextTokens],
      ["qwen2-7b-instruct", 0, 131_072],
    );

    const printed = formatEvaluation(report);
    assert.match(printed, /five criteria\n {2}A {2}grpc.*always-red\n {2}B .*\n {2}C .*lister\?ask=list/);
    assert.match(printed, /Openness {4}not known +not known +3 of 4, Apache-2\.0/);
    assert.match(printed, /five criteria of tidying captions\n {2}A .*qwen2_text/);
    const page = await renderEvaluation(report);
    assert.match(page, /How well 3 recognizers know the cast/);
    assert.match(page, /<th scope="col" class="">always-wolf<\/th>/);
    assert.match(page, /Of 2 comparisons one in twenty/);
    assert.match(page, /Tidying captions/);
  } finally {
    await triton.close();
  }
});

test("golden pictures are left alone, whatever the protocol", async () => {
  const golden = join(dir, "golden");
  const lines = await paintDataset(golden, {
    change: (line) => ({
      ...line,
      split: line.scene === "wall" ? "golden" : line.scene === "table" ? "test" : "train",
    }),
  });
  const triton = await ScriptedTriton.start();
  try {
    for (const protocol of ["leave-one-scene-out", "leave-one-out", "split"] as const) {
      const report = await evaluate(
        options({ datasetDir: golden, protocol, recognizers: [`${triton.address}/understudy`] }),
      );
      const asked = new Set(report.pictures.map(({ file }) => file));
      for (const { file_name, split } of lines) if (split === "golden") assert.ok(!asked.has(file_name));
      assert.equal(report.dataset.golden, 4);
    }
  } finally {
    await triton.close();
  }
});

test("what cannot be evaluated is said in a sentence", async () => {
  const refused = async (changes: Partial<EvaluateOptions>, sentence: RegExp) =>
    assert.rejects(evaluate(options(changes)), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, sentence);
      return true;
    });
  await refused({ labels: ["bear"] }, /no picture of "bear"; it has axe, red, wolf/);
  await refused({ protocol: "split" }, /"split": "test"/);
  const strangers = join(dir, "strangers");
  await paintDataset(strangers, { subjects: ["stranger"] });
  await refused({ datasetDir: strangers }, /no picture of a character or prop/);
});

test("an earlier run that is none is refused, naming the file and the field", async () => {
  const file = join(dir, "previous.json");
  for (const [text, sentence] of [
    ["{", /previous\.json is not JSON/],
    ["{}", /previous\.json: format:/],
    ["[1]", /previous\.json: the file:/],
  ] as const) {
    await writeFile(file, text);
    await assert.rejects(readPreviousRun(file), sentence);
  }
  await assert.rejects(readPreviousRun(join(dir, "none.json")), /there is no file/);
  assert.ok((await readFile(file)).length > 0);
});

test("a wrong address comes to light before anybody is examined, also the last one's", async () => {
  const told: string[] = [];
  const onProgress = (_: number, doing: string) => void told.push(doing);
  for (const changes of [
    { recognizers: ["understudy", "grpc://127.0.0.1:9/none"], readyWithinMs: 100 },
    { textModels: ["grpc://127.0.0.1:9/none"] },
    { textModels: ["qwen2_text"] },
    { textModels: ["grpc://127.0.0.1:9/none?sheet=qwen9"] },
    { textModels: ["grpc://127.0.0.1:9/none?sheets=qwen2-7b-instruct"] },
  ]) {
    await assert.rejects(
      evaluate(options({ ...changes, onProgress })),
      (error: Error) =>
        error instanceof UserError &&
        /127\.0\.0\.1:9|--text-model must be|a model "qwen9"|knows no "sheets"/.test(error.message),
    );
  }
  assert.deepEqual(told, []);
});
