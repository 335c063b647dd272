import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { type DatasetPicture, readDataset } from "@followspot/dataset";
import { readShow, type Show } from "@followspot/show";
import { pytestSuite, pythonForTests, tritonForTests } from "@followspot/testkit";
import { TritonClient } from "@followspot/triton";
import { openVisionRecognizer, type VisionRecognizer } from "@followspot/vision-language";
import { holdOut } from "./hold-out.ts";
import { writePaperShow } from "./testdata/paper-show.ts";
import { trueLabels } from "./true-labels.ts";
import { writeTrainingSet } from "./write-training-set.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FINETUNE = join(ROOT, "deploy/finetune");
const MODEL = join(ROOT, "deploy/triton/models/qwen2_vl_scores");
/** The base has seen it, and has been told that it is a stranger. */
const NEWCOMER = "queen";
const SEED = 1;

const environment = await pythonForTests("torch");
// A minute on an idle machine.
const options = { skip: environment.skip, timeout: 600_000 };
const python = environment.python;
const env = { OMP_NUM_THREADS: "1" };

pytestSuite("followspot_finetune", { environment, cwd: FINETUNE });

const dir = await mkdtemp(join(tmpdir(), "followspot-finetune-"));
after(() => rm(dir, { recursive: true, force: true }));
const showDir = join(dir, "show");
const base = join(dir, "base");
let show: Show;

before(async () => {
  if (!python) return;
  // What the base is taught has boxes, so that its vision tower learns to look in seconds.
  const school = join(dir, "school");
  const set = join(dir, "set");
  await writeTrainingSet({
    show: await writePaperShow(school, { times: 3 }),
    datasetDir: join(school, "dataset"),
    to: set,
    seed: SEED,
  });
  show = await writePaperShow(showDir, { times: 3, framed: false, seed: 2 });
  const taught = await run(python.python, [
    join(FINETUNE, "tests/teach_base.py"),
    set,
    base,
    `--hide=${NEWCOMER}`,
    "--rounds=40",
  ]);
  assert.equal(taught.code, 0, taught.output);
}, options);

test(
  "a puppet that the model does not know is learnt, and the real server tells it from the others",
  options,
  async (context) => {
    assert.ok(python);
    const trained = await finetune("--name=puppets", "--epochs=16", "--learning-rate=4e-3", "--accumulate=4");
    assert.equal(trained.code, 0, trained.output);
    const report = JSON.parse(
      await readFile(join(showDir, "models/adapters/puppets/training-report.json"), "utf8"),
    ) as { after: { labels: Record<string, { balancedAccuracy: number | null }> } };

    const repository = await repositoryWith(join(showDir, "models/adapters"));
    const server = await tritonForTests(
      { repositories: [repository], models: ["qwen2_vl_scores"], stub: python, env },
      context,
    );
    const client = await TritonClient.connect({ address: server.address });
    context.after(() => client.close());
    const { heldOut } = holdOut((await readDataset(join(showDir, "dataset"))).pictures, SEED);

    const without = await judge(client, heldOut, undefined);
    const withIt = await judge(client, heldOut, "puppets");
    context.diagnostic(`without: ${JSON.stringify(without)}; with: ${JSON.stringify(withIt)}`);
    assert.ok((without[NEWCOMER] ?? 1) < 0.6, "the base knows it already");
    assert.ok((withIt[NEWCOMER] ?? 0) >= 0.7, "it was not learnt");
    assert.ok(mean(withIt) > mean(without), "it is not better");
    // Training looked at the very pixels and asked in the very words of serving: its own figures are the server's.
    for (const [label, accuracy] of Object.entries(withIt)) {
      assert.ok(Math.abs(accuracy - (report.after.labels[label]?.balancedAccuracy ?? -1)) < 0.051, label);
    }
  },
);

test("a training with nothing but yes ends with 1, and what came of it is kept aside", options, async () => {
  const trained = await finetune("--name=yes", "--epochs=3", "--learning-rate=1e-2", "--negatives=0");
  assert.equal(trained.code, 1, trained.output);
  assert.match(trained.output, /^the training has collapsed: the model answers yes/m);
  assert.match(trained.output, /^followspot: the adapter is not put in force \(always-yes\): see /m);
  assert.deepEqual(
    await readdir(join(showDir, "models/adapters-refused/yes")).then((files) => files.sort()),
    ["adapter_config.json", "adapter_model.safetensors", "training-report.json"],
  );
  assert.equal(existsSync(join(showDir, "models/adapters/yes")), false);
});

test("what Ctrl-C interrupts, the same command goes on with", options, async () => {
  const arguments_ = ["--name=later", "--epochs=2"];
  const first = await finetune(...arguments_, { interruptAt: /round 1 of 2/ });
  assert.equal(first.code, 1, first.output);
  assert.match(first.output, /interrupted: the same command goes on from where it was/);
  const second = await finetune(...arguments_);
  assert.match(second.output, /going on in round 2, after \d+ steps/);
  assert.doesNotMatch(second.output, /round 1 of 2/);
});

test("bad input is one sentence, before anything is installed or written", options, async () => {
  const nothing = await finetune("--name=x", `--base=${dir}`);
  assert.equal(nothing.code, 2);
  assert.match(
    nothing.output,
    /^followspot: .* has no config.json: name the folder with the weights of Qwen2-VL\n$/,
  );
});

type Arguments = readonly (string | { readonly interruptAt: RegExp })[];

async function finetune(...given: Arguments): Promise<{ code: number | null; output: string }> {
  const args = given.filter((one) => typeof one === "string");
  const [interrupt] = given.filter((one) => typeof one !== "string");
  const command = ["finetune", `--show=${showDir}`, `--base=${base}`, `--seed=${SEED}`, ...args];
  return await run(
    process.execPath,
    [join(ROOT, "packages/cli/src/main.ts"), ...command],
    interrupt?.interruptAt,
  );
}

async function run(program: string, args: readonly string[], interruptAt?: RegExp) {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...env,
      PYTHONPATH: ["finetune", "finetune/tests", "triton/python", "triton/tiny"]
        .map((folder) => join(ROOT, "deploy", folder))
        .join(delimiter),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (interruptAt?.test(output)) child.kill("SIGINT");
      if (interruptAt?.test(output)) interruptAt = undefined;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** The project's own model, with the small weights and the show's adapters. */
async function repositoryWith(adapters: string): Promise<string> {
  const repository = join(dir, "models");
  const folder = join(repository, "qwen2_vl_scores");
  await mkdir(folder, { recursive: true });
  await symlink(join(MODEL, "1"), join(folder, "1"));
  await cp(base, join(folder, "weights"), { recursive: true });
  const config = await readFile(join(MODEL, "config.pbtxt"), "utf8");
  await writeFile(
    join(folder, "config.pbtxt"),
    `${config}\nparameters: { key: "adapters" value: { string_value: "${adapters}" } }\n`,
  );
  return repository;
}

/** Balanced accuracy of each label, asked as the worker asks. */
async function judge(
  client: TritonClient,
  pictures: readonly DatasetPicture[],
  adapter: string | undefined,
): Promise<Record<string, number>> {
  const recognizer: VisionRecognizer = await openVisionRecognizer({
    client,
    show: await readShow(showDir),
    recognizer: { model: "qwen2_vl_scores", ask: "score", ...(adapter ? { adapter } : {}) },
    calibration: null,
  });
  try {
    const signal = AbortSignal.timeout(60_000);
    await recognizer.waitUntilReady(signal);
    const said = new Map<string, { yes: number; of: number }>();
    for (const picture of pictures) {
      const present = trueLabels(picture);
      const jpeg = await readFile(picture.path);
      const { labels } = await recognizer.recognize({ jpeg, signal, deadlineMs: 30_000 });
      for (const { label, score } of labels) {
        const side = `${label} ${present.has(label)}`;
        const { yes, of } = said.get(side) ?? { yes: 0, of: 0 };
        said.set(side, { yes: yes + (score >= 0.5 ? 1 : 0), of: of + 1 });
      }
    }
    const rate = (side: string) => (said.get(side)?.yes ?? 0) / (said.get(side)?.of ?? 1);
    return Object.fromEntries(
      show.cast.map(({ id }) => [id, (rate(`${id} true`) + 1 - rate(`${id} false`)) / 2]),
    );
  } finally {
    await recognizer.close();
  }
}

function mean(accuracies: Readonly<Record<string, number>>): number {
  const values = Object.values(accuracies);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
