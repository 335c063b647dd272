import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { Answer } from "./answer.ts";
import { AnswerJournal } from "./answer-journal.ts";

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-journal-"));
  context.after(() => rm(dir, { recursive: true }));
  return dir;
}

const wolf: Answer = { kind: "cast", label: "wolf" };

test("an answer is on the disk at once, and undo works after a restart", async (context) => {
  const path = join(await folder(context), "recordings/answers.jsonl");
  const journal = new AnswerJournal(path, { who: "ada" });
  assert.equal(await journal.undo(), undefined);
  await journal.give("a", wolf);
  await journal.give("b", { kind: "unknown" });
  assert.match(await readFile(path, "utf8"), /"id":"b"/);

  const later = new AnswerJournal(path, { who: "ben" });
  assert.deepEqual([...(await later.answers()).keys()], ["a", "b"]);
  assert.equal((await later.answers()).get("a")?.who, "ada");
  assert.equal(await later.undo(), "b");
  assert.deepEqual([...(await later.answers()).keys()], ["a"]);
});

test("what two people write at once is seen by both", async (context) => {
  const path = join(await folder(context), "answers.jsonl");
  const [ada, ben] = ["ada", "ben"].map((who) => new AnswerJournal(path, { who })) as [
    AnswerJournal,
    AnswerJournal,
  ];
  await ada.give("a", wolf);
  await ben.give("b", wolf);
  assert.deepEqual([...(await ada.answers()).keys()], ["a", "b"]);
});

test("a line that a crash cut off neither harms nor swallows another", async (context) => {
  const path = join(await folder(context), "answers.jsonl");
  await new AnswerJournal(path, { who: "ada" }).give("a", wolf);
  await appendFile(path, '{"id":"b","answ');
  const journal = new AnswerJournal(path, { who: "ada" });
  await journal.give("c", wolf);
  assert.deepEqual([...(await journal.answers()).keys()], ["a", "c"]);
});

test("what is in the data set is not taken back", async (context) => {
  const journal = new AnswerJournal(join(await folder(context), "answers.jsonl"), { who: "ada" });
  await journal.give("a", wolf);
  await journal.accept(["a"]);
  assert.equal(await journal.undo(), undefined);
  await journal.give("a", { kind: "nobody" });
  assert.deepEqual((await journal.answers()).get("a")?.answer, wolf);
});

test("whatever is answered and taken back, a restart finds the same, and undo goes from last to first", async (context) => {
  const dir = await folder(context);
  let run = 0;
  const step = fc.oneof(
    fc.record({ give: fc.constantFrom("a", "b", "c", "d") }),
    fc.constant({ undo: true as const }),
    fc.record({ accept: fc.constantFrom("a", "b") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const path = join(dir, `${run++}.jsonl`);
      const journal = new AnswerJournal(path, { who: "ada" });
      let expected: { id: string; accepted: boolean }[] = [];
      for (const one of steps) {
        if ("give" in one) {
          await journal.give(one.give, wolf);
          if (expected.some(({ id, accepted }) => id === one.give && accepted)) continue;
          expected = [...expected.filter(({ id }) => id !== one.give), { id: one.give, accepted: false }];
        } else if ("undo" in one) {
          const last = expected.findLast(({ accepted }) => !accepted);
          assert.equal(await journal.undo(), last?.id);
          expected = expected.filter((kept) => kept !== last);
        } else {
          await journal.accept([one.accept]);
          expected = expected.map((kept) => (kept.id === one.accept ? { ...kept, accepted: true } : kept));
        }
      }
      for (const reader of [journal, new AnswerJournal(path, { who: "ben" })]) {
        const found = [...(await reader.answers()).values()].map(({ id, accepted }) => ({ id, accepted }));
        assert.deepEqual(found, expected);
      }
    }),
    { numRuns: 10 },
  );
});
