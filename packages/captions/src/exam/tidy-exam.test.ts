import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { readShow } from "@followspot/show";
import { InferenceError } from "@followspot/triton";
import type { WritingModel } from "../models/writing-model.ts";
import { EXAM_SHOW } from "./exam-show.ts";
import { scoreTidying } from "./score-tidying.ts";
import { takeTidyExam } from "./take-tidy-exam.ts";
import { TIDY_TASKS, type TidyTask } from "./tidy-tasks.ts";

const PERFECT = { json: 1, who: 1, apart: 1, aliases: 1, names: 1 };
const answerOf = ({ who, identity, state, place }: TidyTask, other: object = {}) =>
  JSON.stringify({
    who,
    identity: identity.join(" "),
    state: state.join(" "),
    place: `in ${place.join(" ")}`,
    ...other,
  });
const find = (id: string): TidyTask => TIDY_TASKS.find((task) => task.id === id) as TidyTask;

test("the exam's cast is the sample show's", async () => {
  const { cast } = await readShow(
    fileURLToPath(new URL("../../../../shows/little-red-riding-hood", import.meta.url)),
  );
  for (const member of EXAM_SHOW.cast) {
    const { name, aliases, kind } = cast.find(({ id }) => id === member.id) ?? {};
    assert.deepEqual(
      { name, aliases, kind },
      { name: member.name, aliases: member.aliases, kind: member.kind },
    );
  }
});

test("every task holds what it asks for, so that an honest answer can be perfect", () => {
  assert.equal(TIDY_TASKS.length, 20);
  assert.equal(new Set(TIDY_TASKS.map(({ id }) => id)).size, 20);
  for (const task of TIDY_TASKS) {
    const caption = task.caption.toLowerCase();
    for (const word of [...task.identity, ...task.state, ...task.place, ...task.aliases, ...task.planted]) {
      assert.ok(caption.includes(word.trim().toLowerCase()), `${task.id}: ${word}`);
    }
    assert.deepEqual(scoreTidying(task, answerOf(task)), PERFECT, task.id);
  }
});

test("each criterion tells one thing that went wrong", () => {
  const wolf = find("wolf-named-rufus");
  const score = (other: object) => scoreTidying(wolf, answerOf(wolf, other));
  assert.deepEqual(score({ who: ["wolf", "red"] }), { ...PERFECT, who: 0 });
  assert.deepEqual(score({ identity: "grin of Rufus" }), { ...PERFECT, names: 0 });
  assert.deepEqual(score({ state: "crouching beside Balthasar" }), { ...PERFECT, names: 0 });
  assert.deepEqual(score({ identity: "", state: "crouch, a grin" }), { ...PERFECT, apart: 2 / 3 });
  assert.deepEqual(scoreTidying(wolf, `Sure! ${answerOf(wolf)}`), { ...PERFECT, json: 0 });
  assert.equal(scoreTidying(wolf, answerOf(wolf, { state: "crouch like the big bad wolf" })).aliases, 1);
  const granny = find("granny-asleep");
  assert.equal(scoreTidying(granny, answerOf(granny, { state: "sleep as Granny does" })).aliases, 0);
  assert.deepEqual(scoreTidying(wolf, "I cannot help with that."), {
    json: 0,
    who: 0,
    apart: 0,
    aliases: 0,
    names: 0,
  });
});

test("a model that answers half of it gets half of it, and one that fails nothing", async () => {
  let asked = 0;
  const model: WritingModel = {
    name: "half at nowhere",
    version: "1",
    contextTokens: undefined,
    constrained: true,
    write: async ({ user }) => {
      const task = TIDY_TASKS.find(({ caption }) => user.includes(JSON.stringify(caption)));
      assert.ok(task, user);
      if (++asked % 2 === 0) throw new InferenceError("unavailable", "gone");
      return { text: answerOf(task), outputTokens: 30 };
    },
    close: async () => {},
  };
  const shares: number[] = [];
  const result = await takeTidyExam({
    model,
    signal: new AbortController().signal,
    onProgress: (share) => shares.push(share),
  });
  assert.equal(asked, 20);
  assert.equal(shares.at(-1), 1);
  assert.equal(result.tasks.filter(({ failed }) => failed?.includes("unavailable")).length, 10);
  assert.deepEqual(result.score, { json: 0.5, who: 0.5, apart: 0.5, aliases: 0.5, names: 0.5 });
  const answeredMs = result.tasks
    .filter(({ failed }) => failed === undefined)
    .reduce((sum, { ms }) => sum + ms, 0);
  assert.ok(Math.abs((result.tokensPerSecond ?? 0) - (300 / answeredMs) * 1_000) < 1e-6);
});
