import assert from "node:assert/strict";
import { test } from "node:test";
import { CameraQuestions } from "./camera-questions.ts";

test("a later frame goes on only after everything that follows at once from the answer about the one before", async () => {
  const questions = new CameraQuestions();
  const order: string[] = [];
  const asked = Promise.withResolvers<string>();
  const first = (async () => {
    const answer = await questions.ask("stage", () => asked.promise);
    // As many steps as there may be between an answer and its publication.
    for (let step = 0; step < 50; step += 1) await Promise.resolve();
    order.push(answer);
  })();
  const second = questions.waitTurn("stage").then((turn) => order.push(turn));
  assert.equal(await questions.waitTurn("door"), "over", "another camera waits for nothing");
  asked.resolve("first");
  await Promise.all([first, second]);
  assert.deepEqual(order, ["first", "over"]);
  assert.equal(questions.size, 0);
});

test("of the frames that wait only the newest is left, and a failed question lets it go too", async () => {
  const questions = new CameraQuestions();
  const asked = Promise.withResolvers<never>();
  const first = questions.ask("stage", () => asked.promise);
  const [second, third] = [questions.waitTurn("stage"), questions.waitTurn("stage")];
  assert.equal(await second, "superseded");
  asked.reject(new Error("gone"));
  await assert.rejects(first, /gone/);
  assert.equal(await third, "over");
});
