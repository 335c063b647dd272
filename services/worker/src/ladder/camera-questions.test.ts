import assert from "node:assert/strict";
import { test } from "node:test";
import { CameraQuestions } from "./camera-questions.ts";

const never = new AbortController().signal;
const inLine = (sequence: number, cameraId = "stage", signal = never) => ({
  cameraId,
  frame: { run: 1, sequence },
  signal,
});
const nothing = () => undefined;

test("a later frame goes on only after everything that follows at once from the answer about the one before", async () => {
  const questions = new CameraQuestions();
  const order: unknown[] = [];
  const asked = Promise.withResolvers<string>();
  const first = (async () => {
    const answer = await questions.take(inLine(1), () => () => asked.promise);
    // As many steps as there may be between an answer and its publication.
    for (let step = 0; step < 50; step += 1) await Promise.resolve();
    order.push(answer);
  })();
  const second = questions.take(inLine(2), nothing).then((turn) => order.push(turn));
  assert.equal(
    await questions.take(inLine(1, "door"), nothing),
    "nothing-asked",
    "another camera waits for nothing",
  );
  assert.equal(questions.held, 2);
  asked.resolve("first");
  await Promise.all([first, second]);
  assert.deepEqual(order, [{ said: "first" }, "nothing-asked"]);
  assert.deepEqual([questions.size, questions.held], [0, 0]);
});

test("of the frames that wait only the newest is left, and a failed question lets it go too", async () => {
  const questions = new CameraQuestions();
  const asked = Promise.withResolvers<never>();
  const first = questions.take(inLine(1), () => () => asked.promise);
  const [second, fourth] = [questions.take(inLine(2), nothing), questions.take(inLine(4), nothing)];
  assert.equal(await second, "superseded");
  assert.equal(await questions.take(inLine(3), nothing), "superseded", "a newer one waits already");
  asked.reject(new Error("gone"));
  await assert.rejects(first, /gone/);
  assert.equal(await fourth, "nothing-asked");
});

test("a frame whose newer one has had its turn is asked about no more, and a new run begins anew", async () => {
  const questions = new CameraQuestions();
  assert.equal(await questions.take(inLine(2), nothing), "nothing-asked");
  assert.equal(await questions.take(inLine(1), assert.fail), "superseded");
  const newRun = { ...inLine(1), frame: { run: 2, sequence: 1 } };
  assert.equal(await questions.take(newRun, nothing), "nothing-asked");
});

test("whoever gives up in line leaves it, and the next one waits in his place", async () => {
  let told = 0;
  const questions = new CameraQuestions(() => (told += 1));
  const asked = Promise.withResolvers<string>();
  const first = questions.take(inLine(1), () => () => asked.promise);
  const stop = new AbortController();
  const second = questions.take(inLine(2, "stage", stop.signal), nothing);
  assert.deepEqual([questions.held, told], [2, 2]);
  stop.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  assert.deepEqual([questions.held, told], [1, 3]);
  await assert.rejects(questions.take(inLine(3, "stage", stop.signal), nothing), /enough/);
  const fourth = questions.take(inLine(4), nothing);
  asked.resolve("first");
  assert.deepEqual(await first, { said: "first" });
  assert.equal(await fourth, "nothing-asked");
});
