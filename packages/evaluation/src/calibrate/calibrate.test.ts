import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { UserError } from "@followspot/domain";
import {
  type ScriptedModelOptions,
  type ScriptedRequest,
  ScriptedTriton,
} from "@followspot/testkit/scripted-triton";
import { writeCalibration } from "@followspot/vision-language";
import { evaluate } from "../evaluate.ts";
import { paintDataset } from "../testdata/paint-dataset.ts";
import { calibrate, modelsDirOf } from "./calibrate.ts";

const dir = await mkdtemp(join(tmpdir(), "followspot-calibrate-"));
after(() => rm(dir, { recursive: true, force: true }));
const datasetDir = join(dir, "dataset");
await paintDataset(datasetDir, { each: 4 });
const labels = ["axe", "red", "wolf"];

const SAMPLE_MODELS = fileURLToPath(
  new URL("../../../../shows/little-red-riding-hood/models", import.meta.url),
);

/** A model of the `vllm` contract. */
function talkingModel(say: (request: ScriptedRequest) => string): ScriptedModelOptions {
  const texts = (request: ScriptedRequest) => [request.images.length === 0 ? "yes" : say(request)];
  return { name: "talker", contract: "vllm", version: "w1", rung: "qwen2-vl", slots: 8, texts };
}

/** Sees red pictures as red, and is three times as sure of everything as it has a right to be. */
function sureOfItself(): ScriptedModelOptions {
  const raws = new Map<string, number>();
  return {
    name: "sure",
    version: "w1",
    rung: "qwen2-vl",
    slots: 8,
    answer: (request) => {
      const key = Buffer.from(request.image).toString("base64");
      // Right in about two of three cases, by a coin that the picture's own bytes throw.
      const coin = request.image.subarray(-400).reduce((sum, byte) => (sum * 31 + byte) % 997, 7) % 3;
      return {
        labels: request.labels.map((label, at) => {
          const id = `${key}${label}`;
          const raw = raws.get(id) ?? (coin === at ? 6 : -6);
          raws.set(id, raw);
          return { label, raw, score: 1 / (1 + Math.exp(-raw)) };
        }),
        unknown: 0.5,
      };
    },
  };
}

test("scores that claim too much are brought down to what comes true, on scenes that were not fitted on", async () => {
  const triton = await ScriptedTriton.start({ models: [sureOfItself()] });
  try {
    const recognizer = `${triton.address}/sure?ask=score`;
    const report = await calibrate({ recognizer, datasetDir, showDir: dir, seed: 1 });
    assert.equal(report.pictures, 48);
    assert.ok(report.before.ece > 0.2, `before ${report.before.ece}`);
    assert.ok(report.after.ece < report.before.ece / 2, `after ${report.after.ece}`);
    assert.ok(report.after.logLoss < report.before.logLoss / 2);
    const { global, model, prompt, ask } = report.calibration;
    assert.ok(global.slope < 0.5, `slope ${global.slope}`);
    assert.deepEqual([model, ask, prompt.length], ["w1", "score", 8]);

    // Once it is among the show's models, whoever asks that model has its scores calibrated, and says so.
    const file = await writeCalibration(modelsDirOf(dir), report.calibration);
    const after = await evaluate({
      datasetDir,
      recognizers: [recognizer],
      protocol: "leave-one-scene-out",
      seed: 1,
      threshold: 0.5,
      showDir: dir,
      command: "",
    });
    assert.match(after.recognizer.version ?? "", new RegExp(`^w1\\+${report.hash}\\+[0-9a-f]{8}$`));
    assert.ok(file.endsWith(`calibration-${report.hash}.json`));
    assert.ok(
      after.pictures.every(({ score }) => score < 0.9),
      "nothing is claimed for certain any more",
    );
  } finally {
    await triton.close();
  }
});

test("with verify only what the model itself has judged is calibrated, and the file names the understudy beside it", async () => {
  const asked: number[] = [];
  const talking = talkingModel(({ prompt }) => {
    const [, candidates = ""] = /what is known of ([^.]+)\./.exec(prompt) ?? [];
    asked.push(candidates.split(", ").length);
    return "[]";
  });
  const triton = await ScriptedTriton.start({ models: [talking] });
  try {
    const [file = ""] = (await readdir(SAMPLE_MODELS)).filter((name) => name.endsWith(".fsm"));
    const recognizer = `${triton.address}/talker?ask=verify&references=0&understudy=${join(SAMPLE_MODELS, file)}`;
    const report = await calibrate({ recognizer, datasetDir, showDir: dir, seed: 1 });
    const ofPictures = asked.slice(-report.pictures);
    assert.equal(
      report.judged,
      ofPictures.reduce((sum, candidates) => sum + candidates, 0),
    );
    assert.ok(
      report.judged < report.pictures * (labels.length + 1),
      "the understudy has kept its word on some",
    );
    assert.equal(`understudy-${report.calibration.understudy}.fsm`, file);
    // Whom it does not name it holds for absent, at log-odds of -3: of all that, one in so many was there.
    const { global, unknown } = report.calibration;
    assert.ok(global.slope * -3 + global.offset < 0);
    assert.deepEqual(unknown, global, "of strangers it was never asked");
  } finally {
    await triton.close();
  }
});

test("what is calibrated already, or by itself, is refused in a sentence", async () => {
  const triton = await ScriptedTriton.start({ models: [{ name: "understudy" }] });
  try {
    for (const [recognizer, sentence] of [
      [`${triton.address}/understudy`, /its own server applies a calibration/],
      ["understudy", /an understudy calibrates itself when it is trained/],
    ] as const) {
      await assert.rejects(calibrate({ recognizer, datasetDir, showDir: dir, seed: 1 }), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, sentence);
        return true;
      });
    }
  } finally {
    await triton.close();
  }
});

test("one scene is not enough to try a calibration on another", async () => {
  const single = join(dir, "single");
  await paintDataset(single, { change: (line) => ({ ...line, scene: "wall" }) });
  const recognizer = "grpc://127.0.0.1:1/nobody";
  await assert.rejects(
    calibrate({ recognizer, datasetDir: single, showDir: dir, seed: 1, labels }),
    /at least 2 scenes/,
  );
});
