import assert from "node:assert/strict";
import { test } from "node:test";
import { boolParameter, stringParameter } from "./infer-messages.ts";
import { scoresRequest } from "./scores-request.ts";

const question = { jpeg: Uint8Array.of(1), labels: ["wolf", "hood"], prompt: "Who?", model: "m", id: "1" };
const shapes = (request: ReturnType<typeof scoresRequest>) =>
  Object.fromEntries(request.inputs.map(({ name, shape }) => [name, shape.map(Number)]));

test("a model that batches is sent a batch of one, in the same bytes", () => {
  const alone = scoresRequest(question);
  const batched = scoresRequest({ ...question, batched: true });
  assert.deepEqual(shapes(alone), { image: [1], labels: [2], prompt: [1] });
  assert.deepEqual(shapes(batched), { image: [1, 1], labels: [1, 2], prompt: [1, 1] });
  assert.deepEqual(batched.rawInputContents, alone.rawInputContents);
});

test("what is asked besides the picture goes as parameters, and only where it was said", () => {
  const request = scoresRequest({ ...question, boxes: false, adapter: "show", promptVersion: "p1" });
  assert.equal(boolParameter(request, "boxes"), false);
  assert.equal(stringParameter(request, "adapter"), "show");
  assert.equal(stringParameter(request, "prompt_version"), "p1");
  assert.deepEqual(scoresRequest(question).parameters, {});
});
