import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { until } from "@followspot/testkit";
import {
  type ScriptedModelOptions,
  type ScriptedRequest,
  ScriptedTriton,
} from "@followspot/testkit/scripted-triton";
import { InferenceError, TritonClient } from "@followspot/triton";
import sharp from "sharp";
import { type Calibration, calibrationHash, writeCalibration } from "./calibration/calibration-file.ts";
import {
  alternatives,
  type Sampled,
  talkingModel,
  type TalkingModelOptions,
} from "./testdata/talking-model.ts";
import { PromptBook } from "./prompt/prompt-book.ts";
import { madeUpShow } from "./testdata/made-up-show.ts";
import type { VisionRecognizerOptions } from "./vision-question.ts";
import { openVisionRecognizer } from "./vision-recognizer.ts";

const jpeg = await sharp({ create: { width: 640, height: 360, channels: 3, background: "#804020" } })
  .jpeg()
  .toBuffer();
const call = { jpeg, signal: new AbortController().signal, deadlineMs: 5_000 };
const soon = () => AbortSignal.timeout(30_000);

async function setUp(
  context: TestContext,
  model: ScriptedModelOptions,
  options: Partial<VisionRecognizerOptions> = {},
) {
  const triton = await ScriptedTriton.start({ models: [model] });
  const client = await TritonClient.connect({ address: triton.address });
  const recognizer = await openVisionRecognizer({ client, show: madeUpShow(), ...options });
  context.after(async () => {
    await recognizer.close();
    await client.close();
    await triton.close();
  });
  return { triton, recognizer };
}

/** Says yes to those who are there, no to the others, by probability. */
function yesTo(...there: readonly string[]): TalkingModelOptions["say"] {
  return ({ prompt }) => {
    const asked = /Is "(.+)" in the picture/.exec(prompt)?.[1] ?? "unknown";
    const yes = there.includes(asked) ? 0.9 : 0.2;
    return [{ text: yes > 0.5 ? "yes" : "no", logprobs: alternatives({ yes, no: 1 - yes }) }];
  };
}

function lists(answer: string): TalkingModelOptions["say"] {
  return () => [answer];
}

const byScore = { recognizer: { ask: "score" } } as const;
const byList = { recognizer: { ask: "list" } } as const;

test("asked by score, every label gets its odds, over one system text and one picture, unconstrained", async (t) => {
  const asked: { request: ScriptedRequest; sampled: Sampled }[] = [];
  const say: TalkingModelOptions["say"] = (request, sampled) => {
    asked.push({ request, sampled });
    return yesTo("bear")(request, sampled);
  };
  const { recognizer } = await setUp(t, talkingModel({ say }), byScore);
  await recognizer.waitUntilReady(soon());
  asked.length = 0;
  const answer = await recognizer.recognize({ ...call, labels: ["fox", "bear"], scene: "clearing" });

  const scores = Object.fromEntries(
    answer.labels.map(({ label, score }) => [label, Number(score.toFixed(6))]),
  );
  assert.deepEqual(scores, { fox: 0.2, bear: 0.9 });
  assert.ok(Math.abs((answer.labels[1]?.raw ?? 0) - Math.log(9)) < 1e-6, "raw are log-odds");
  assert.ok(Math.abs(answer.unknown - 0.2) < 1e-6);
  assert.deepEqual(
    [answer.reading, answer.scene, answer.ranked],
    ["probabilities", "clearing", ["fox", "bear"]],
  );
  assert.equal(answer.promptVersion, recognizer.promptVersion("clearing"));
  assert.equal(asked.length, 3, "two labels, and one question for strangers");
  const prefixes = new Set(asked.map(({ request }) => request.prompt.split("<|vision_end|>")[0]));
  const pictures = new Set(asked.map(({ request }) => Buffer.from(request.image).toString()));
  assert.deepEqual([prefixes.size, pictures.size], [1, 1], "or the server computes each from the beginning");
  for (const { request, sampled } of asked) {
    assert.deepEqual(sampled, { temperature: 0, max_tokens: 1, logprobs: 20 });
    assert.ok(
      request.id.endsWith(`.${answer.promptVersion}`),
      "the prompt's version travels with the request",
    );
    assert.match(request.prompt, /The scene is "The clearing"/);
  }
});

test("the first question is asked alone, the others together, never more than eight", async (t) => {
  const labels = Array.from({ length: 30 }, (_, at) => `label${at}`);
  let under = 0;
  let most = 0;
  let firstDone = false;
  let togetherWithFirst = 0;
  const model = talkingModel({ say: yesTo() });
  const { triton, recognizer } = await setUp(t, { ...model, serviceMs: 5 }, byScore);
  await recognizer.waitUntilReady(soon());
  const served = triton.models.get("qwen2_vl");
  assert.ok(served);
  const before = served.counts.received;
  served.serviceMs = () => {
    under = served.counts.received - served.counts.answered;
    most = Math.max(most, under);
    if (!firstDone && served.counts.received > before + 1) togetherWithFirst++;
    return 5;
  };
  const { texts } = served;
  served.texts = (request) => {
    firstDone = true;
    return texts(request);
  };
  await recognizer.recognize({ ...call, labels });
  assert.equal(togetherWithFirst, 0);
  assert.equal(served.counts.received - before, 31);
  assert.ok(most > 1 && most <= 8, `${most} at once`);
});

test("a question that nobody answers with yes or no makes the whole answer unreadable, not half of one", async (t) => {
  const say: TalkingModelOptions["say"] = (request, sampled) =>
    request.prompt.includes('"crown"')
      ? [{ text: "The", logprobs: alternatives({ The: 0.9, A: 0.1 }) }]
      : yesTo("fox")(request, sampled);
  const { recognizer } = await setUp(t, talkingModel({ say }), byScore);
  await recognizer.waitUntilReady(soon());
  await assert.rejects(recognizer.recognize(call), (error) => {
    assert.ok(error instanceof InferenceError);
    assert.equal(error.reason, "malformed-answer");
    assert.match(error.message, /neither yes nor no is "The"/);
    return true;
  });
  assert.equal(recognizer.readings.unreadable, 1, "the warm-up is not counted");
});

test("asked by list, the answer is held to the closed set, and those who are not named rank below", async (t) => {
  const asked: Sampled[] = [];
  const model = talkingModel({
    say: (_request, sampled) => {
      asked.push(sampled);
      return ['["fox", "unknown"]'];
    },
  });
  const { recognizer } = await setUp(t, model, byList);
  await recognizer.waitUntilReady(soon());
  const answer = await recognizer.recognize({ ...call, labels: ["fox", "bear"] });
  const [fox, bear] = answer.labels;
  assert.ok(fox && bear && fox.score > 0.9 && bear.score < 0.1 && answer.unknown > 0.9);
  assert.deepEqual([answer.ranked, answer.reading], [["fox"], "json"]);
  assert.deepEqual(JSON.parse(asked.at(-1)?.structured_outputs ?? ""), {
    json: { type: "array", items: { enum: ["fox", "bear", "unknown"] } },
  });
  assert.ok((asked.at(-1)?.max_tokens ?? 16) > 16, "the backend's own 16 would cut it off");
});

for (const key of ["guided_decoding", "none"] as const) {
  test(`a server that takes constraints under ${key} is asked in its way, and still believed in nothing`, async (t) => {
    const asked: Sampled[] = [];
    const model = talkingModel({
      key,
      say: (_request, sampled) => {
        asked.push(sampled);
        return ['["dragon"]'];
      },
    });
    const { recognizer } = await setUp(t, model, byList);
    await recognizer.waitUntilReady(soon());
    await assert.rejects(recognizer.recognize(call), /nobody can be read from "\[\\"dragon\\"\]"/);
    assert.equal(asked.at(-1)?.structured_outputs, undefined);
    assert.equal(asked.at(-1)?.guided_decoding !== undefined, key === "guided_decoding");
  });
}

test("free text is never a decision, and each fall down the ladder is counted", async (t) => {
  const says = [
    "[]",
    '["fox"]',
    "['fox',]",
    "fox, bear",
    '["crowm"]',
    "I see the fox on the left.",
    "fox is not there",
  ];
  const heard: string[] = [];
  const model = talkingModel({ key: "none", say: () => [says.shift() ?? "[]"] });
  const { recognizer } = await setUp(t, model, { ...byList, onReading: (reading) => heard.push(reading) });
  await recognizer.waitUntilReady(soon());
  const outcomes: string[] = [];
  for (let left = says.length; left > 0; left--) {
    outcomes.push(
      await recognizer.recognize(call).then(
        ({ ranked }) => ranked.join(),
        (error: InferenceError) => error.reason,
      ),
    );
  }
  assert.deepEqual(outcomes, ["fox", "fox", "fox,bear", "crown", "malformed-answer", "malformed-answer"]);
  assert.deepEqual(heard, ["json", "repaired-json", "names", "misspelt", "unreadable", "unreadable"]);
  assert.deepEqual(recognizer.readings, {
    json: 1,
    "repaired-json": 1,
    names: 1,
    misspelt: 1,
    unreadable: 2,
  });
});

for (const [wrong, reason] of [
  ["early-error", "failed"],
  ["late-error", "failed"],
  ["no-final-flag", "unavailable"],
  ["wrong-id", "malformed-answer"],
  ["missing-tensor", "malformed-answer"],
  ["truncated-tensor", "malformed-answer"],
  ["overloaded", "overloaded"],
] as const) {
  test(`${wrong} ends one answer as ${reason}, at once, and the next one is good`, async (t) => {
    // Two parts, so that there is something after the first.
    const { triton, recognizer } = await setUp(t, talkingModel({ say: () => ['["fo', 'x"]'] }), byList);
    await recognizer.waitUntilReady(soon());
    triton.misbehave(wrong);
    const startedMs = performance.now();
    await assert.rejects(recognizer.recognize(call), { reason });
    assert.ok(performance.now() - startedMs < 2_000, "nothing hangs");
    await until("the model is ready again", async () => recognizer.report.state === "ready");
    const answer = await recognizer.recognize(call);
    assert.deepEqual(answer.ranked, ["fox"]);
  });
}

test("boxes are asked for on demand, and come in pixels of the picture, whatever the family writes", async (t) => {
  for (const [family, corners] of [
    ["qwen2-vl", [250, 500, 500, 1000]],
    ["qwen2.5-vl", [161, 182, 322, 364]],
  ] as const) {
    const answer = JSON.stringify([{ bbox_2d: corners, label: "fox" }]);
    const { recognizer } = await setUp(t, talkingModel({ say: lists(answer) }), {
      recognizer: { ask: "list", family },
    });
    await recognizer.waitUntilReady(soon());
    const { labels } = await recognizer.recognize({ ...call, boxes: true });
    const box = labels.find(({ label }) => label === "fox")?.box;
    assert.deepEqual(box, { left: 160, top: 180, right: 320, bottom: 360 }, family);
  }
});

test("a picture is sent in the size in which the model will look at it", async (t) => {
  const sizes: string[] = [];
  const say: TalkingModelOptions["say"] = ({ image }) => {
    sizes.push(Buffer.from(Buffer.from(image).toString(), "base64").toString("base64"));
    return ["[]"];
  };
  const { recognizer } = await setUp(t, talkingModel({ say }), {
    recognizer: { ask: "list", maxPixels: 200_704 },
  });
  await recognizer.waitUntilReady(soon());
  await recognizer.recognize(call);
  const { width, height } = await sharp(Buffer.from(sizes.at(-1) ?? "", "base64")).metadata();
  assert.equal(`${width}x${height}`, "588x336");
  await assert.rejects(recognizer.recognize({ ...call, jpeg: Buffer.from("no picture") }), {
    reason: "rejected",
  });
});

test("asked by verify, the model decides among those whom the understudy doubts, and none is an answer", async (t) => {
  const asked: ScriptedRequest[] = [];
  const constraints: (string | undefined)[] = [];
  let answer = "[]";
  const model = talkingModel({
    say: (request, sampled) => {
      asked.push(request);
      constraints.push(sampled.structured_outputs);
      return [answer];
    },
  });
  const scores: Record<string, number> = { fox: 0.6, bear: 0.97, crown: 0.3 };
  const understudy = {
    recognize: async ({ labels }: { readonly labels: readonly string[] }) => ({
      labels: labels.map((label) => ({ label, score: scores[label] ?? 0.01, raw: 0.1 })),
      unknown: 0.25,
    }),
  };
  const options = { recognizer: { ask: "verify" }, references: 0, understudy } as const;
  const { recognizer } = await setUp(t, model, options);
  await recognizer.waitUntilReady(soon());
  const none = await recognizer.recognize({ ...call, labels: ["bear", "crown", "fox", "moon"] });
  const of = (said: typeof none, label: string) =>
    said.labels.find((one) => one.label === label)?.score ?? NaN;
  assert.ok(of(none, "fox") < 0.1 && of(none, "crown") < 0.1, "the model has refused both");
  assert.equal(of(none, "moon"), 0.01, "of those who were not proposed, the understudy is sure");
  assert.equal(none.unknown, 0.25);
  answer = '["fox"]';
  const one = await recognizer.recognize({
    ...call,
    labels: ["bear", "crown", "fox", "moon"],
    proposal: {
      labels: [
        { label: "fox", score: 0.4, raw: 0 },
        { label: "bear", score: 0.02, raw: 0 },
      ],
      unknown: 0,
    },
  });
  assert.ok(of(one, "fox") > 0.9);
  assert.deepEqual(JSON.parse(constraints.at(-1) ?? ""), {
    json: { type: "array", items: { enum: ["bear", "fox"] } },
  });
  assert.match(asked.at(-1)?.prompt ?? "", /Compare with what is known of bear, fox\./);
});

test("asked by verify, the version names the understudy whose word was taken, and so does what it is worth", async (t) => {
  const understudy = {
    version: "u1",
    recognize: async ({ labels }: { readonly labels: readonly string[] }) => ({
      labels: labels.map((label) => ({ label, score: label === "crown" ? 0.01 : 0.5, raw: 0 })),
      unknown: 0.25,
      version: understudy.version,
    }),
  };
  const prompt = new PromptBook(madeUpShow()).version;
  const fitted = { ...calibration, prompt, ask: "verify", understudy: "u1" } as const;
  const options = { recognizer: { ask: "verify" }, references: 0, understudy, calibration: fitted } as const;
  const { recognizer } = await setUp(t, talkingModel({ say: lists('["fox"]') }), options);
  const ready = await recognizer.waitUntilReady(soon());
  assert.match(ready.version, new RegExp(`^weights-1\\+${calibrationHash(fitted)}\\+[0-9a-f]{8}\\+u1$`));
  const answer = await recognizer.recognize(call);
  assert.deepEqual([answer.version, answer.recognizer.accuracy], [ready.version, 0.8125]);
  assert.deepEqual(answer.judged, ["fox", "bear"], "of the crown and of strangers the understudy was sure");

  // It is taught something in the middle of the show: whose word it was is told by each answer.
  understudy.version = "u2";
  assert.match(recognizer.report.identity?.version ?? "", /\+u2$/);
  const { version, recognizer: now } = await recognizer.recognize(call);
  assert.deepEqual(
    [version, now.accuracy],
    [ready.version.replace("+u1", "+u2"), 0],
    "nobody has measured that",
  );
  const proposal = { ...(await understudy.recognize({ labels: ["fox", "bear", "crown"] })), version: "u1" };
  assert.equal((await recognizer.recognize({ ...call, proposal })).version, ready.version);
});

test("asked by verify, the understudy's boxes are told in pixels of the picture, also of those whom the model judged", async (t) => {
  const understudy = {
    // 644x364 was sent.
    recognize: async ({ labels }: { readonly labels: readonly string[] }) => ({
      labels: labels.map((label) => ({
        label,
        score: label === "crown" ? 0.01 : 0.5,
        raw: 0,
        box: { left: 0, top: 0, right: 322, bottom: 182 },
      })),
      unknown: 0.25,
    }),
  };
  const options = { recognizer: { ask: "verify" }, references: 0, understudy } as const;
  const { recognizer } = await setUp(t, talkingModel({ say: lists('["fox"]') }), options);
  await recognizer.waitUntilReady(soon());
  const box = { left: 0, top: 0, right: 320, bottom: 180 };
  const { labels } = await recognizer.recognize(call);
  assert.deepEqual(
    labels.map((said) => [said.label, said.box]),
    [
      ["fox", box],
      ["bear", box],
      ["crown", box],
    ],
  );
});

test("asked by verify about nobody whom the understudy knows, the model is not asked, and its word is kept", async (t) => {
  const understudy = { recognize: async () => ({ labels: [], unknown: 0.25 }) };
  let asked = 0;
  const say = () => {
    asked += 1;
    return ["[]"];
  };
  const options = { recognizer: { ask: "verify" }, references: 0, understudy } as const;
  const { recognizer } = await setUp(t, talkingModel({ say }), options);
  await recognizer.waitUntilReady(soon());
  const before = asked;
  const answer = await recognizer.recognize({ ...call, labels: ["fox", "bear"] });
  assert.deepEqual([asked - before, answer.unknown, answer.judged], [0, 0.25, []]);
  assert.ok(answer.labels.every(({ score }) => score < 0.01));
});

test("without an understudy nobody can propose, and the show is told so", async (t) => {
  const { recognizer } = await setUp(t, talkingModel({ say: lists("[]") }), {
    recognizer: { ask: "verify" },
  });
  await assert.rejects(recognizer.waitUntilReady(soon()), {
    reason: "unsupported-model",
    message: /name understudy in the ladder/,
  });
  assert.equal(recognizer.report.state, "unusable");
});

test("an understudy that fails spoils one answer, and the model is not taken for lost", async (t) => {
  const understudy = {
    recognize: async (): Promise<never> => {
      throw new InferenceError("unavailable", "no understudy");
    },
  };
  const options = { recognizer: { ask: "verify" }, references: 0, understudy } as const;
  const { recognizer } = await setUp(t, talkingModel({ say: lists("[]") }), options);
  await recognizer.waitUntilReady(soon());
  await assert.rejects(recognizer.recognize(call), {
    reason: "failed",
    message: /nobody was proposed: .*no understudy/,
  });
  assert.equal(recognizer.report.state, "ready");
});

const calibration: Calibration = {
  version: 1,
  model: "weights-1",
  prompt: "",
  ask: "score",
  adapter: null,
  maxPixels: 301_056,
  global: { slope: 0.5, offset: -1 },
  labels: { bear: { slope: 2, offset: 0 } },
  unknown: { slope: 1, offset: 1 },
  accuracy: 0.8125,
  dataset: "abc",
};

test("scores are calibrated by the show's own file for this very model and prompt, which is part of the version", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "vision-show-"));
  t.after(() => rm(dir, { recursive: true }));
  const show = madeUpShow(dir);
  const plain = await setUp(t, talkingModel({ say: yesTo("bear") }), { ...byScore, show });
  const before = await plain.recognizer.waitUntilReady(soon());
  assert.match(before.version, /^weights-1\+[0-9a-f]{8}$/);

  const fitted = { ...calibration, prompt: plain.recognizer.promptVersion() };
  assert.deepEqual(plain.recognizer.conditions, {
    model: "weights-1",
    prompt: fitted.prompt,
    ask: "score",
    adapter: null,
    maxPixels: 301_056,
  });
  await writeCalibration(join(dir, "models"), { ...fitted, prompt: "another", accuracy: 0.1 });
  await writeCalibration(join(dir, "models"), { ...fitted, model: "weights-2", accuracy: 0.2 });
  await writeCalibration(join(dir, "models"), fitted);
  const { recognizer } = await setUp(t, talkingModel({ say: yesTo("bear") }), { ...byScore, show });
  const identity = await recognizer.waitUntilReady(soon());
  assert.equal(identity.version, before.version.replace("+", `+${calibrationHash(fitted)}+`));
  assert.equal(identity.accuracy, 0.8125);

  const answer = await recognizer.recognize({ ...call, labels: ["fox", "bear"] });
  const logistic = (odds: number) => 1 / (1 + Math.exp(-odds));
  const [fox, bear] = answer.labels;
  assert.ok(Math.abs((fox?.score ?? 0) - logistic(0.5 * Math.log(0.25) - 1)) < 1e-6, "by the global line");
  assert.ok(Math.abs((bear?.score ?? 0) - logistic(2 * Math.log(9))) < 1e-6, "by its own");
  assert.ok(Math.abs(answer.unknown - logistic(Math.log(0.25) + 1)) < 1e-6);
  assert.equal(answer.version, identity.version);
});

test("a calibration that is written during the show changes no score, and the report says that it waits", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "vision-show-"));
  t.after(() => rm(dir, { recursive: true }));
  const details: string[] = [];
  const { triton, recognizer } = await setUp(t, talkingModel({ say: yesTo("bear") }), {
    ...byScore,
    show: madeUpShow(dir),
    onReport: ({ detail }) => details.push(detail),
  });
  const before = await recognizer.waitUntilReady(soon());
  await recognizer.lookForCalibrations();
  assert.equal(recognizer.report.detail, `qwen2_vl ${before.version}`);
  const late = { ...calibration, prompt: recognizer.promptVersion() };
  await writeCalibration(join(dir, "models"), late);
  await Promise.all([recognizer.lookForCalibrations(), recognizer.lookForCalibrations()]);
  const sentence = `qwen2_vl ${before.version}; calibration-${calibrationHash(late)}.json waits: it counts from the show's next start`;
  assert.equal(recognizer.report.detail, sentence);
  await recognizer.lookForCalibrations();
  assert.deepEqual(
    details.filter((detail) => detail.includes("waits")),
    [sentence],
    "it is said once",
  );

  await triton.stop();
  await assert.rejects(recognizer.recognize(call), { reason: "unavailable" });
  await triton.start();
  const back = await recognizer.waitUntilReady(soon());
  assert.deepEqual([back.version, recognizer.calibration], [before.version, undefined]);
  assert.equal((await recognizer.recognize(call)).version, before.version);
});

test("another adapter, way to ask or size of pictures is another recognizer", async (t) => {
  const versions = new Set<string>();
  for (const asked of [
    {},
    { adapter: "show" },
    { ask: "list" },
    { maxPixels: 100_352 },
    { family: "qwen2.5-vl" },
  ] as const) {
    const say: TalkingModelOptions["say"] = (request, sampled) =>
      request.prompt.includes("JSON list") ? ["[]"] : yesTo()(request, sampled);
    const { recognizer } = await setUp(t, talkingModel({ say }), { recognizer: { ask: "score", ...asked } });
    versions.add((await recognizer.waitUntilReady(soon())).version);
  }
  assert.equal(versions.size, 5, [...versions].join());
  assert.ok([...versions].some((version) => version.startsWith("weights-1@show+")));
});

test("a server of scores gets the show's words; it is not calibrated twice", async (t) => {
  const prompts: string[] = [];
  const scoring: ScriptedModelOptions = {
    name: "qwen2_vl",
    version: "weights-1",
    rung: "qwen2-vl",
    answer: ({ labels, prompt }) => {
      prompts.push(prompt);
      return {
        labels: labels.map((label) => ({ label, score: 0.7, raw: 2, box: [0, 0, 322, 182] })),
        unknown: 0.5,
      };
    },
  };
  const { recognizer } = await setUp(t, scoring, { ...byScore, calibration });
  await recognizer.waitUntilReady(soon());
  const answer = await recognizer.recognize({ ...call, labels: ["fox"], scene: "clearing" });
  assert.ok(
    Math.abs((answer.labels[0]?.score ?? 0) - 1 / (1 + Math.exp(0))) < 1e-6,
    "slope 0.5 of 2, less 1",
  );
  assert.deepEqual(answer.labels[0]?.box, { left: 0, top: 0, right: 320, bottom: 180 }, "644x364 was sent");
  assert.match(prompts.at(-1) ?? "", /^You watch .*The scene is "The clearing"/s);
  assert.deepEqual([answer.reading, recognizer.contract], ["scores", "scores"]);
});

test("an understudy is passed through as it is: its scores, its version, the picture as it came", async (t) => {
  const pictures: Uint8Array[] = [];
  const understudy: ScriptedModelOptions = {
    name: "qwen2_vl",
    version: "u1",
    answer: ({ labels, image }) => {
      pictures.push(image);
      return { labels: labels.map((label) => ({ label, score: 0.7, raw: 0.1 })) };
    },
  };
  const { recognizer } = await setUp(t, understudy, { calibration });
  const { version } = await recognizer.waitUntilReady(soon());
  const answer = await recognizer.recognize({ ...call, labels: ["fox"], jpeg: Buffer.from("as it came") });
  assert.equal(version, "u1");
  assert.ok(Math.abs((answer.labels[0]?.score ?? 0) - 0.7) < 1e-6);
  assert.deepEqual(
    pictures.map((picture) => Buffer.from(picture).toString()),
    ["as it came"],
  );
});

test("a server that comes back is asked again for how it takes constraints, and warmed up, before it is ready", async (t) => {
  const { triton, recognizer } = await setUp(t, talkingModel({ say: lists('["fox"]') }), byList);
  await recognizer.waitUntilReady(soon());
  await triton.stop();
  await assert.rejects(recognizer.recognize(call), { reason: "unavailable" });
  const older = triton.models.get("qwen2_vl");
  assert.ok(older);
  older.texts = talkingModel({ key: "guided_decoding", say: lists('["fox"]') }).texts ?? older.texts;
  await triton.start();
  await recognizer.waitUntilReady(soon());
  assert.deepEqual((await recognizer.recognize(call)).ranked, ["fox"]);
});

test("a model whose answers carry no version is looked at now and then, so that its exchange is seen", async (t) => {
  const model = talkingModel({ say: lists('["fox"]') });
  const { triton, recognizer } = await setUp(t, model, byList);
  await recognizer.waitUntilReady(soon());
  triton.install({ ...model, version: "weights-2" });
  await recognizer.recognize(call);
  assert.match(recognizer.report.identity?.version ?? "", /^weights-1\+/, "not with every answer");
  const now = performance.now.bind(performance);
  t.mock.method(performance, "now", () => now() + 11_000);
  await recognizer.recognize(call);
  await until("it is seen", () => recognizer.report.identity?.version.startsWith("weights-2+"));
});

test("a model that is exchanged while it is in use and cannot be prepared is said to be away, and tried again", async (t) => {
  const details: string[] = [];
  const scores: ScriptedModelOptions = { name: "qwen2_vl_scores", rung: "qwen2-vl", version: "w1" };
  const { triton, recognizer } = await setUp(t, scores, {
    recognizer: { model: "qwen2_vl_scores" },
    onReport: ({ state, detail }) => details.push(`${state}: ${detail}`),
  });
  await recognizer.waitUntilReady(soon());
  let asked = 0;
  triton.install({
    ...scores,
    version: "w2",
    answer: ({ labels }) => {
      // The first is somebody's frame, the second its first preparation.
      if (++asked === 2) throw new Error("no memory is left");
      return { labels: labels.map((label) => ({ label, score: 0.5 })) };
    },
  });
  const answer = await recognizer.recognize({ ...call, signal: soon(), labels: ["fox"] });
  assert.match(answer.version, /^w2\+/);
  await until(
    "the new model is in force",
    () => recognizer.report.state === "ready" && recognizer.report.identity?.version.startsWith("w2+"),
  );
  assert.equal(asked, 3, "it is prepared once more, and not with every answer");
  assert.ok(
    details.some((detail) => /^waiting: .*no memory is left/.test(detail)),
    details.join("\n"),
  );
});

test("a model that is exchanged while it is in use is prepared and in force, and no answer waits for that", async (t) => {
  const scores: ScriptedModelOptions = { name: "qwen2_vl_scores", rung: "qwen2-vl", version: "w1" };
  const { triton, recognizer } = await setUp(t, scores, { recognizer: { model: "qwen2_vl_scores" } });
  await recognizer.waitUntilReady(soon());
  let asked = 0;
  triton.install({ ...scores, version: "w2", serviceMs: () => (asked++ === 0 ? 0 : 300) });
  const answer = await recognizer.recognize({ ...call, signal: soon(), labels: ["fox"] });
  assert.match(answer.version, /^w2\+/);
  assert.match(recognizer.report.identity?.version ?? "", /^w1\+/, "its first answer is still awaited");
  await until("the new model is in force", () => recognizer.report.identity?.version.startsWith("w2+"));
});
