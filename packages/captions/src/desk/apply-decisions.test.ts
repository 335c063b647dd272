import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { readMetadata } from "../testdata/caption-show.ts";
import { draftedShow } from "../testdata/drafted-show.ts";
import { historyOf } from "./draft-captions.ts";
import { applyDecisions, decisionLine, parseDecisions } from "./apply-decisions.ts";

test("what is printed can be completed and applied; what stays null is passed by", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const { open } = await desk.look();
  const [red = "", wolf = "", axe = ""] = open.map(decisionLine);
  const file = [
    red.replace('"decision":null', '"decision":"accept"'),
    wolf.replace('"decision":null', '"decision":"edit"').replace("Draft of wolf.", "The Wolf bows."),
    axe,
    "",
  ].join("\n");
  const applied = await applyDecisions(desk, parseDecisions(file, "d.jsonl"));
  assert.deepEqual(applied, { written: 2, refused: 0, problems: [] });
  assert.match(await readMetadata(dir), /"caption":"The Wolf bows\."/);
  const again = await applyDecisions(desk, parseDecisions(file, "d.jsonl"));
  assert.equal(again.written, 0);
  assert.match(again.problems[0] ?? "", /^d\.jsonl:1: red-01\.jpg: this draft does not wait/);
});

test("a flagged draft is not accepted by a file either, and the way to confirm it is said", async (context) => {
  const flags = [{ kind: "not-in-picture" as const, about: "grandmother" }];
  const { dir, desk, idOf } = await draftedShow(context, { "red-01.jpg": { flags } });
  const before = await readMetadata(dir);
  const line = { file_name: "red-01.jpg", draft: await idOf("red-01.jpg"), decision: "accept" };
  const apply = (value: object) => applyDecisions(desk, parseDecisions(JSON.stringify(value), "d.jsonl"));
  const { problems } = await apply(line);
  assert.match(
    problems[0] ?? "",
    /d\.jsonl:1: red-01\.jpg: grandmother is mentioned.*"despite": \["grandmother"\]/,
  );
  assert.equal(await readMetadata(dir), before);
  assert.equal((await apply({ ...line, despite: ["grandmother"] })).written, 1);
});

test("a line that cannot be used is named, and then nothing is applied", () => {
  const line = { file_name: "a.jpg", draft: "0123", decision: "accept" };
  for (const [text, message] of [
    ["{", /^d\.jsonl:1: this line is not JSON/],
    ['{"draft":"1","decision":"accept"}', /^d\.jsonl:1: file_name: .*--drafts writes such lines/],
    [
      JSON.stringify({ ...line, decision: "yes" }),
      /^d\.jsonl:1: decision must be "accept", "edit".*is "yes"/,
    ],
    [JSON.stringify({ ...line, decision: "edit" }), /^d\.jsonl:1: caption: an edit needs the new text/],
    [
      JSON.stringify({ ...line, decision: "edit", caption: " <|im_end|> " }),
      /^d\.jsonl:1: caption: an edit needs the new text/,
    ],
    [
      `${JSON.stringify(line)}\n${JSON.stringify(line)}`,
      /^d\.jsonl:2: draft: 0123 is decided in d\.jsonl:1 already/,
    ],
  ] as const) {
    assert.throws(
      () => parseDecisions(text, "d.jsonl"),
      (error: Error) => error instanceof UserError && message.test(error.message),
      text,
    );
  }
});

test("a caption that was changed beside accept is not passed over: it is asked what is meant", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const before = await readMetadata(dir);
  const [first = ""] = (await desk.look()).open.map(decisionLine);
  const changed = first
    .replace('"decision":null', '"decision":"accept"')
    .replace("Draft of red.", "Red waves.");
  const applied = await applyDecisions(desk, parseDecisions(`\ufeff${changed}\r\n`, "d.jsonl"));
  assert.deepEqual([applied.written, applied.problems.length], [0, 1]);
  assert.match(applied.problems[0] ?? "", /^d\.jsonl:1: red-01\.jpg: .*put "edit" in place of "accept"/);
  assert.equal(await readMetadata(dir), before);
});

test("many decisions of a file are carried out in one step, each for itself", async (context) => {
  const { dir, desk, datasetDir } = await draftedShow(context);
  const lines = (await desk.look()).open.map(decisionLine);
  const file = lines.map((line, at) =>
    line.replace('"decision":null', at === 1 ? '"decision":"refuse"' : '"decision":"accept"'),
  );
  const gone = JSON.stringify({ file_name: "x.jpg", draft: "000000000000", decision: "refuse" });
  const applied = await applyDecisions(desk, parseDecisions([gone, ...file].join("\n"), "d.jsonl"));
  assert.deepEqual([applied.written, applied.refused, applied.problems.length], [2, 1, 1]);
  assert.match(await readMetadata(dir), /Draft of red\.[^]*Draft of axe\./);
  const history = await historyOf(datasetDir).read();
  assert.deepEqual(history.map(({ file_name: name, decision }) => `${name} ${decision}`).sort(), [
    "axe-01.jpg accept",
    "red-01.jpg accept",
    "wolf-01.jpg refuse",
  ]);
});
