import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { CurrentSceneSchema } from "@followspot/schema/followspot/v1/subscribe";
import { until } from "@followspot/testkit";
import type { Misbehaviour } from "@followspot/testkit/scripted-triton";
import { InferenceError, type ModelReport } from "@followspot/triton";
import { Cascade } from "./cascade.ts";
import { Ladder } from "./ladder.ts";
import { LadderRung } from "./rung.ts";
import { DEADLINE_MS, LadderRig, SLACK_MS } from "../testdata/ladder-rig.ts";

const FAST_MS = SLACK_MS;
/** About a frame that a recognizer of the test's own does not look at. */
const QUESTION = {
  cameraId: "stage",
  frame: { run: 1, sequence: 1 },
  jpeg: new Uint8Array(),
  labels: [],
  signal: new AbortController().signal,
};

test("a new ladder answers with the understudy, until the better one has proven itself beside it", async (t) => {
  const rig = await LadderRig.start(t);
  await until("the models are there", () => rig.ladder.rungs.every(({ ready }) => ready));
  const rungs: string[] = [];
  await until("the better one is in force", async () => {
    rungs.push((await rig.frame()).rung);
    return rungs.at(-1) === "qwen2-vl";
  });
  assert.deepEqual(new Set(rungs.slice(0, -1)), new Set(["understudy"]));
  assert.ok(rig.vision.model.counts.answered >= 3, "it was asked beside");
  assert.equal(rig.ladder.standing.rung, "qwen2-vl");
});

test("a server that hangs costs one frame its deadline, and the same frame has the understudy's answer", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.proxy.set("black-hole");
  const hit = await rig.frame();
  assert.equal(hit.rung, "understudy");
  assert.ok(hit.tookMs >= DEADLINE_MS && hit.tookMs < DEADLINE_MS + SLACK_MS, `${hit.tookMs} ms`);
  assert.deepEqual(rig.handedDown, ["deadline-exceeded"]);
  for (let frame = 0; frame < 5; frame += 1) {
    const next = await rig.frame();
    assert.deepEqual([next.rung, next.tookMs < FAST_MS], ["understudy", true], `${next.tookMs} ms`);
  }
  assert.deepEqual(rig.rung("qwen2-vl").falls, { "deadline-exceeded": 1 });
  assert.equal(rig.ladder.standing.rung, "understudy");
});

test("frames that wait at a rung when it falls are sent down together, not one deadline after the other", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.proxy.set("black-hole");
  const first = rig.frame("stage");
  await until("the first is half through", () => rig.rung("qwen2-vl").idleMs > DEADLINE_MS / 2);
  const second = await rig.frame("door");
  assert.equal((await first).rung, "understudy");
  assert.equal(second.rung, "understudy");
  assert.ok(second.tookMs < DEADLINE_MS, `${second.tookMs} ms`);
});

/** So little is left of an old frame that the better one has less than its deadline for it. */
const OLD = { deadlineMs: DEADLINE_MS + 50 };

test("a server that hangs is left after one frame's deadline, however little time its frames have", async (t) => {
  const rig = await LadderRig.start(t);
  // An understudy that took long once: so much of an old frame's time is kept for it.
  rig.understudy.model.serviceMs = DEADLINE_MS / 2;
  await rig.warm();
  rig.understudy.model.serviceMs = 0;
  await rig.proxy.set("black-hole");
  const startedMs = performance.now();
  let frames = 0;
  while (rig.rung("qwen2-vl").phase === "closed") {
    frames += 1;
    const { rung, tookMs } = await rig.frame("stage", OLD);
    assert.deepEqual([rung, tookMs < OLD.deadlineMs + SLACK_MS], ["understudy", true], `${tookMs} ms`);
  }
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < DEADLINE_MS + SLACK_MS, `${tookMs} ms, ${frames} frames`);
  assert.deepEqual(rig.rung("qwen2-vl").falls, { "deadline-exceeded": 1 });
});

test("a server that is gone costs next to nothing, and is in force again after its warm-up once it is back", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.vision.stop();
  const hit = await rig.frame();
  assert.deepEqual([hit.rung, hit.tookMs < DEADLINE_MS], ["understudy", true], `${hit.tookMs} ms`);
  await until("it is known to be gone", () => !rig.rung("qwen2-vl").ready);
  const before = rig.vision.model.counts.answered;
  await rig.vision.start();
  await until("it is back in force", async () => {
    const { rung, tookMs } = await rig.frame();
    assert.ok(tookMs < FAST_MS, `a frame waited ${tookMs} ms for a rung on trial`);
    return rung === "qwen2-vl";
  });
  assert.ok(rig.vision.model.counts.answered - before >= 3, "no warm-up was seen");
});

test("a connection that is dead without a word is given up, and the rung comes back over a new one", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.proxy.set("black-hole");
  assert.equal((await rig.frame()).rung, "understudy");
  rig.proxy.forget();
  await rig.proxy.set("pass");
  await until("it is back in force", async () => (await rig.frame()).rung === "qwen2-vl", 20_000);
});

test("a server that dies in the middle of a frame costs that frame nothing but a moment", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.vision.model.serviceMs = 10_000;
  const asked = rig.frame();
  await until("it works on the frame", () => rig.vision.model.busy > 0);
  await rig.vision.stop();
  const hit = await asked;
  assert.deepEqual([hit.rung, hit.tookMs < DEADLINE_MS + SLACK_MS], ["understudy", true], `${hit.tookMs} ms`);
});

test("GOAWAY is no fall: the frame is answered by whoever said it, and the next one too", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.vision.misbehave("goaway");
  assert.equal((await rig.frame()).rung, "qwen2-vl");
  assert.equal((await rig.frame()).rung, "qwen2-vl");
  assert.deepEqual(rig.rung("qwen2-vl").falls, {});
});

const BAD: readonly Misbehaviour[] = [
  "nan-score",
  "foreign-label",
  "wrong-shape",
  "missing-tensor",
  "internal",
];
for (const wrong of BAD) {
  test(`"${wrong}" costs no frame its answer, and three in a row are a fall`, async (t) => {
    const rig = await (await LadderRig.start(t)).warm();
    rig.vision.misbehave(wrong, 2);
    for (let frame = 0; frame < 2; frame += 1) assert.equal((await rig.frame()).rung, "understudy");
    assert.equal((await rig.frame()).rung, "qwen2-vl", "one or two are no fall");
    rig.vision.misbehave(wrong, 3);
    for (let frame = 0; frame < 3; frame += 1) assert.equal((await rig.frame()).rung, "understudy");
    const asked = rig.vision.model.counts.received;
    assert.equal((await rig.frame()).rung, "understudy");
    assert.equal(Object.values(rig.rung("qwen2-vl").falls)[0], 1);
    assert.ok(rig.vision.model.counts.received <= asked + 1, "a fallen rung is asked beside at most");
  });
}

test("a model that is unloaded hands down at once, and comes back by itself", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.vision.model.state = "UNAVAILABLE";
  const hit = await rig.frame();
  assert.deepEqual([hit.rung, hit.tookMs < FAST_MS], ["understudy", true]);
  assert.deepEqual(rig.rung("qwen2-vl").falls, { "model-unavailable": 1 });
  assert.match(rig.rung("qwen2-vl").report.detail, /has no model "qwen2_vl_scores" ready/);
  rig.vision.model.state = "READY";
  await until("it is back in force", async () => (await rig.frame()).rung === "qwen2-vl");
});

test("a server that is silent when it is looked at falls under a name of its own", async () => {
  const identity = { name: "m", version: "1", accuracy: 1, rung: "qwen2-vl", instances: 1 } as const;
  let report: ModelReport = { state: "ready", detail: "", identity };
  const recognize = async () => ({ labels: [], unknown: 0, version: "1", recognizer: identity, callMs: 1 });
  const recognizer = {
    get report() {
      return report;
    },
    recognize,
  };
  const settings = { warmUpAnswers: 1 };
  const rung = new LadderRung({ rung: "qwen2-vl", recognizer, deadlineMs: 1_000, settings, nowMs: () => 0 });
  await rung.ask(
    { jpeg: new Uint8Array(), labels: [] },
    { signal: new AbortController().signal, limitMs: 1_000 },
  );
  report = { state: "waiting", detail: "no model server answers", reason: "deadline-exceeded" };
  rung.reported();
  assert.deepEqual([rung.phase, rung.falls], ["open", { silent: 1 }]);
});

test("a server that comes back with another model is asked under its new name", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.vision.stop();
  await rig.frame();
  rig.vision.install({ name: "qwen2_vl_scores", rung: "qwen2-vl", version: "q2", accuracy: 0.5 });
  await rig.vision.start();
  await until("it is back in force", async () => (await rig.frame()).rung === "qwen2-vl");
  const { recognizer } = (await rig.frame()).answer;
  assert.deepEqual([recognizer.version, recognizer.accuracy], ["q2", 0.5]);
});

test("a model that says to be another rung is of no use, and one sentence says so", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.vision.stop();
  await rig.frame();
  rig.vision.install({ name: "qwen2_vl_scores", rung: "understudy", version: "u9" });
  await rig.vision.start();
  await until("it was looked at", () => rig.rung("qwen2-vl").report.state === "unusable");
  assert.match(
    rig.rung("qwen2-vl").report.detail,
    /says that it is understudy, and the ladder has it as qwen2-vl/,
  );
  for (let frame = 0; frame < 10; frame += 1) assert.equal((await rig.frame()).answer.version, "u1");
});

test("slow answers within the deadline are answers, slower ones are a fall that does not flap", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.vision.model.serviceMs = DEADLINE_MS / 3;
  assert.equal((await rig.frame()).rung, "qwen2-vl");
  rig.vision.model.serviceMs = DEADLINE_MS * 2;
  const seen = new Set<string>();
  for (let frame = 0; frame < 30; frame += 1) seen.add((await rig.frame()).rung);
  assert.deepEqual([...seen], ["understudy"]);
  assert.deepEqual(rig.rung("qwen2-vl").falls, { "deadline-exceeded": 1 });
});

test("a frame that is given up is counted against nobody", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.vision.model.serviceMs = 10_000;
  const stop = new AbortController();
  const asked = rig.frame("stage", { signal: stop.signal });
  await until("it is asked about", () => rig.vision.model.busy > 0);
  stop.abort(new Error("stopping"));
  await assert.rejects(asked);
  assert.deepEqual([rig.rung("qwen2-vl").phase, rig.handedDown], ["closed", []]);
});

test("nobody answers: the frame has no answer, hold is declared, and an answer ends it", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await Promise.all([rig.vision.stop(), rig.understudy.stop()]);
  await assert.rejects(rig.frame(), InferenceError);
  await until("hold is declared", async () => {
    await assert.rejects(rig.frame(), InferenceError);
    return rig.ladder.standing.rung === "hold";
  });
  await rig.understudy.start();
  await until("the understudy answers", () =>
    rig.frame().then(
      ({ rung }) => rung === "understudy",
      () => false,
    ),
  );
  assert.equal(rig.ladder.standing.rung, "understudy");
});

test("one frame that was lost before the cameras stopped is no reason for hold", async () => {
  let nowMs = 0;
  let lost = false;
  const identity = { name: "u", version: "1", accuracy: 1, rung: "understudy", instances: 1 } as const;
  const recognizer = {
    report: { state: "ready", detail: "", identity },
    recognize: async () => {
      if (lost) throw new InferenceError("failed", "as the test wants it");
      return { labels: [], unknown: 0, version: "1", recognizer: identity, callMs: 1 };
    },
  } as const;
  const settings = { warmUpAnswers: 1 };
  const clock = () => nowMs;
  const rung = new LadderRung({ rung: "understudy", recognizer, deadlineMs: 1_000, settings, nowMs: clock });
  const ladder = new Ladder({ rungs: [rung], manualAfterMs: 10_000, nowMs: clock });
  const frame = () => ladder.recognize({ ...QUESTION, deadlineMs: 1 });
  await frame();
  lost = true;
  await assert.rejects(frame());
  nowMs = 60_000;
  assert.equal(ladder.standing.rung, "understudy", "nobody has asked since");
  await assert.rejects(frame());
  assert.equal(ladder.standing.rung, "hold");
  nowMs = 70_000;
  assert.equal(ladder.standing.rung, "manual");
});

test("without the understudy the better one answers even on trial: it is better than nobody", async (t) => {
  const rig = await LadderRig.start(t);
  await rig.understudy.stop();
  await until("it is known", () => rig.rung("qwen2-vl").ready && !rig.rung("understudy").ready);
  assert.equal((await rig.frame()).rung, "qwen2-vl");
});

test("an understudy that died while nobody asked it is known before it is needed", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  await rig.understudy.stop();
  // Five seconds of idleness, without waiting for them.
  rig.rung("understudy").tryBeside({ jpeg: Uint8Array.of(1), labels: [] }, { idleMs: 0 });
  await until("it is known", () => !rig.rung("understudy").ready);
  assert.equal((await rig.frame()).rung, "qwen2-vl");
});

test("the only rung's answer is the frame's, without a step between", async () => {
  const answer = new Promise<never>(() => {});
  const recognizer = { report: { state: "ready", detail: "" }, recognize: () => answer } as const;
  const rung = new LadderRung({ rung: "understudy", recognizer, deadlineMs: 1, nowMs: () => 0 });
  const ladder = new Ladder({ rungs: [rung], nowMs: () => 0 });
  assert.equal(ladder.recognize({ ...QUESTION, deadlineMs: 1 }), answer);
});

test("the only rung's answer is none where its model says to be another rung", async () => {
  const identity = { name: "m", version: "1", accuracy: 1, rung: "qwen2-vl", instances: 1 } as const;
  const recognizer = {
    report: { state: "ready", detail: "", identity },
    recognize: () => Promise.reject(new Error("it was asked")),
  } as const;
  const rung = new LadderRung({ rung: "understudy", recognizer, deadlineMs: 1, nowMs: () => 0 });
  const ladder = new Ladder({ rungs: [rung], nowMs: () => 0 });
  await assert.rejects(ladder.recognize({ ...QUESTION, deadlineMs: 1_000 }), /says that it is qwen2-vl/);
});

test("a ladder of one rung goes on after a frame that was given up", async (t) => {
  const rig = await LadderRig.start(t, { only: "understudy" });
  await until("it is there", () => rig.rung("understudy").ready);
  assert.equal((await rig.frame()).rung, "understudy");
  assert.equal(rig.rung("understudy").phase, "closed");
  rig.understudy.misbehave("hang");
  const stop = new AbortController();
  const hung = rig.frame("stage", { signal: stop.signal });
  await until("it is asked", () => rig.understudy.model.counts.received === 2);
  stop.abort(new Error("enough"));
  await assert.rejects(hung);
  assert.equal((await rig.frame()).rung, "understudy");
});

test("an answer about a scene that is over is dropped, and the understudy answers that frame", async (t) => {
  const rig = await (await LadderRig.start(t)).warm();
  rig.scene = create(CurrentSceneSchema, { id: "forest", version: "1-0" });
  rig.vision.model.serviceMs = DEADLINE_MS / 2;
  const asked = rig.frame();
  await until("it is asked about", () => rig.vision.model.busy > 0);
  rig.scene = create(CurrentSceneSchema, { id: "house", version: "2-0" });
  assert.equal((await asked).rung, "understudy");
  assert.deepEqual(rig.handedDown, ["outdated"]);
  assert.equal((await rig.frame()).rung, "qwen2-vl", "nobody was to blame");
});

test("where nobody else can answer, a frame of a scene that is over has no answer, and says why", async (t) => {
  const rig = await (await LadderRig.start(t, { only: "qwen2-vl" })).warm();
  rig.vision.model.serviceMs = DEADLINE_MS / 2;
  const asked = rig.frame();
  await until("it is asked about", () => rig.vision.model.busy > 0);
  rig.scene = create(CurrentSceneSchema, { id: "house", version: "2-0" });
  await assert.rejects(asked, { reason: "outdated" });
});

const CASCADE = { enterScore: 0.6, unsureBelow: 0.8, floorMs: 60_000 };

test("the cascade: a sure understudy answers alone, and the better one only what is worth it", async (t) => {
  const rig = await (await LadderRig.start(t, { cascade: new Cascade(CASCADE) })).warm();
  assert.equal(rig.ladder.standing.rung, "understudy", "who answers every frame is what may be counted on");
  rig.understudy.model.answer = () => ({
    labels: [
      { label: "wolf", score: 0.1 },
      { label: "hood", score: 0.05 },
    ],
  });
  rig.cascaded.length = 0;
  assert.equal((await rig.frame()).rung, "understudy");
  rig.understudy.model.answer = () => ({
    labels: [
      { label: "wolf", score: 0.5 },
      { label: "hood", score: 0.05 },
    ],
  });
  const { rung, answer } = await rig.frame();
  assert.deepEqual([rung, answer.version], ["qwen2-vl", "q1"]);
  assert.deepEqual(rig.cascaded, [["unsure", "merged"]]);
});

test("the cascade: no answer within the deadline, and the understudy's goes out", async (t) => {
  const rig = await (await LadderRig.start(t, { cascade: new Cascade(CASCADE) })).warm();
  rig.cascaded.length = 0;
  await rig.proxy.set("black-hole");
  const hit = await rig.frame();
  assert.deepEqual([hit.rung, hit.tookMs < DEADLINE_MS + SLACK_MS], ["understudy", true], `${hit.tookMs} ms`);
  assert.deepEqual(rig.cascaded, [["unsure", "unanswered"]]);
  const next = await rig.frame();
  assert.deepEqual([next.rung, next.tookMs < FAST_MS], ["understudy", true], "one frame only");
});

test("the cascade: a camera's later frames come after the one that is asked about, and the newest of them", async (t) => {
  const rig = await (await LadderRig.start(t, { cascade: new Cascade(CASCADE) })).warm();
  rig.vision.model.serviceMs = DEADLINE_MS / 2;
  const order: string[] = [];
  const first = rig.frame().then(({ rung }) => order.push(`first ${rung}`));
  await until("it is asked about", () => rig.vision.model.busy > 0);
  const second = rig.frame();
  const waits = rig.understudy.model.counts.answered;
  await until("the second has its quick answer", () => rig.understudy.model.counts.answered > waits);
  const third = rig.frame().then(({ rung }) => order.push(`third ${rung}`));
  await assert.rejects(second, { reason: "superseded" });
  const elsewhere = await rig.frame("door");
  assert.ok(["understudy", "qwen2-vl"].includes(elsewhere.rung));
  await Promise.all([first, third]);
  assert.equal(order[0], "first qwen2-vl");
});

test("the cascade: no more questions are on the way than the server works on", async (t) => {
  const rig = await (await LadderRig.start(t, { cascade: new Cascade(CASCADE) })).warm();
  rig.cascaded.length = 0;
  rig.vision.model.serviceMs = DEADLINE_MS / 2;
  const cameras = ["a", "b", "c", "d", "e", "f"];
  const answers = await Promise.all(cameras.map((camera) => rig.frame(camera)));
  const merged = answers.filter(({ rung }) => rung === "qwen2-vl").length;
  assert.equal(merged, 4);
  assert.equal(rig.cascaded.filter(([, outcome]) => outcome === "busy").length, 2);
});

test("the cascade: who entered while the better one was busy is asked about at the next free moment", async (t) => {
  const rig = await (
    await LadderRig.start(t, { cascade: new Cascade({ ...CASCADE, enterScore: 0.9 }), visionSlots: 1 })
  ).warm();
  const sees = (wolf: number) => () => ({
    labels: [
      { label: "wolf", score: wolf },
      { label: "hood", score: 0.05 },
    ],
  });
  rig.cascaded.length = 0;
  // The first camera is never sure, and would take every free moment.
  rig.understudy.model.answer = sees(0.5);
  rig.vision.model.serviceMs = DEADLINE_MS / 2;
  const busy = rig.frame("unsure");
  await until("it is asked about", () => rig.vision.model.busy > 0);
  rig.understudy.model.answer = sees(0.95);
  assert.equal((await rig.frame("stage")).rung, "understudy", "there is no place");
  assert.equal((await busy).rung, "qwen2-vl");
  rig.understudy.model.answer = sees(0.5);
  assert.equal((await rig.frame("unsure")).rung, "understudy", "the free place is the other's");
  rig.understudy.model.answer = sees(0.95);
  assert.equal((await rig.frame("stage")).rung, "qwen2-vl");
  assert.deepEqual(rig.cascaded, [
    ["entered", "busy"],
    ["unsure", "merged"],
    ["unsure", "busy"],
    ["entered", "merged"],
  ]);
  assert.equal((await rig.frame("stage")).rung, "understudy", "once is enough");
});

test("the cascade: who entered while the better one gave no answer is asked about again", async (t) => {
  const cascade = new Cascade({ ...CASCADE, enterScore: 0.9 });
  const rig = await (await LadderRig.start(t, { cascade })).warm();
  rig.understudy.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.95 })) });
  rig.cascaded.length = 0;
  rig.vision.misbehave("internal");
  assert.equal((await rig.frame()).rung, "understudy");
  assert.equal((await rig.frame()).rung, "qwen2-vl");
  assert.deepEqual(rig.cascaded, [
    ["entered", "unanswered"],
    ["entered", "merged"],
  ]);
});

test("the cascade: where the understudy is away the better one answers every frame", async (t) => {
  const rig = await (await LadderRig.start(t, { cascade: new Cascade(CASCADE) })).warm();
  await rig.understudy.stop();
  for (let frame = 0; frame < 3; frame += 1) assert.equal((await rig.frame()).rung, "qwen2-vl");
});
