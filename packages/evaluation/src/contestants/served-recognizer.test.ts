import assert from "node:assert/strict";
import { after, test } from "node:test";
import { UserError } from "@followspot/domain";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import type { ExamItem } from "../exam/exam.ts";
import { openContestant } from "./open-contestant.ts";

const LABELS = ["red", "wolf"];
const PICTURE = { rgb: new Uint8Array(64 * 48 * 3).fill(90), width: 64, height: 48 };

function item(): ExamItem {
  return { load: async () => ({ picture: PICTURE, label: "red", scene: "here", objects: undefined }) };
}

/** The looks at pictures, the first of which only warms the model up. */
const said = ["[]", "Red.", '["re', "I see a puppet.", "Unknown", "[]"];

const triton = await ScriptedTriton.start({
  models: [
    {
      answer: ({ labels }) => ({
        labels: labels.map((label) => ({ label, score: label === "wolf" ? 0.8 : 0.1, box: [1, 2, 11, 22] })),
        unknown: 0.2,
      }),
    },
    {
      name: "talker",
      contract: "vllm",
      texts: ({ image }) => [image.length === 0 ? "yes" : (said.shift() ?? "[]")],
    },
    { name: "loading" },
  ],
});
after(() => triton.close());
const loading = triton.models.get("loading");
if (loading) loading.state = "LOADING";

function open(name: string) {
  return openContestant(name, { showDir: "/nowhere", labels: LABELS, seed: 1, readyWithinMs: 500 });
}

test("a served model is asked for the closed set, with a picture of the size that was looked at", async () => {
  const contestant = await open(`${triton.address}/understudy`);
  try {
    const [one, other] = [item(), item()];
    const answers = await contestant.answer([{ train: [item()], test: [one, other] }]);
    assert.equal(answers.size, 2);
    assert.deepEqual(answers.get(one), {
      labels: [
        {
          label: "wolf",
          score: Math.fround(0.8),
          raw: answers.get(one)?.labels[0]?.raw,
          box: { left: 1, top: 2, width: 10, height: 20 },
        },
        {
          label: "red",
          score: Math.fround(0.1),
          raw: answers.get(one)?.labels[1]?.raw,
          box: { left: 1, top: 2, width: 10, height: 20 },
        },
      ],
      unknown: Math.fround(0.2),
      unparseable: undefined,
    });
    assert.deepEqual(
      { ...contestant.card, name: "x" },
      {
        name: "x",
        kind: "served",
        learns: false,
        version: "v1",
        labels: undefined,
        modelBytes: undefined,
        contract: "scores",
        ask: undefined,
        calibrated: { by: "server", dataset: undefined },
        sheet: undefined,
        server: { program: "triton scripted", memoryBytes: undefined },
      },
    );
    const times = await contestant.time([one, other], []);
    assert.ok(times.length === 2 && times.every((ms) => ms > 0));
  } finally {
    await contestant.close();
  }
});

test("an answer that cannot be read is kept as one; a server that is busy is asked again", async () => {
  const contestant = await open(`${triton.address}/understudy`);
  try {
    for (const wrong of ["foreign-label", "overloaded", "nan-score"] as const) triton.misbehave(wrong);
    const items = [item(), item(), item()];
    const answers = await contestant.answer([{ train: [], test: items }]);
    const [first, second, third] = items.map((one) => answers.get(one));
    assert.match(first?.unparseable ?? "", /malformed-answer/);
    assert.deepEqual(first?.labels, []);
    assert.match(second?.unparseable ?? "", /malformed-answer/, "the second try got the third misbehaviour");
    assert.equal(third?.unparseable, undefined);
  } finally {
    await contestant.close();
  }
});

test("a language model is asked in words, and what it says is read or counts as unreadable", async () => {
  const contestant = await open(`${triton.address}/talker?ask=list`);
  try {
    assert.deepEqual([contestant.card.contract, contestant.card.ask], ["vllm", "list"]);
    assert.match(contestant.card.version ?? "", /^v1\+[0-9a-f]{8}$/, "the model's own and the prompt's");
    const items = [item(), item(), item(), item(), item()];
    const answers = await contestant.answer([{ train: [], test: items }]);
    const [red, cut, chat, stranger, nobody] = items.map((one) => answers.get(one));
    assert.deepEqual(
      red?.labels.map(({ label }) => label),
      ["red"],
      "of those who were not named nothing is said",
    );
    assert.ok((red?.labels[0]?.score ?? 0) > 0.99 && (red?.unknown ?? 1) < 0.1);
    assert.deepEqual([red?.reading, red?.unparseable], ["names", undefined]);
    assert.match(cut?.unparseable ?? "", /nobody can be read from/);
    assert.match(chat?.unparseable ?? "", /I see a puppet/);
    assert.ok(stranger?.labels.length === 0 && stranger.unknown > 0.9);
    assert.ok(nobody?.labels.length === 0 && nobody.unknown < 0.1 && nobody.unparseable === undefined);
  } finally {
    await contestant.close();
  }
});

test("a prompt names the cast, holds one picture, and is not taken for the answer", async () => {
  const asked: { prompt: string; image: Buffer }[] = [];
  const model = triton.install({
    name: "listener",
    contract: "vllm",
    texts: ({ prompt, image }) => {
      asked.push({ prompt, image: Buffer.from(Buffer.from(image).toString(), "base64") });
      return image.length === 0 ? ["yes"] : ['["wo', 'lf"]'];
    },
  });
  const contestant = await open(`${triton.address}/${model.name}?ask=list&maxPixels=40000`);
  try {
    const one = item();
    const answers = await contestant.answer([{ train: [], test: [one] }]);
    assert.deepEqual(
      answers.get(one)?.labels.map(({ label }) => label),
      ["wolf"],
    );
    const { prompt, image } = asked.at(-1) ?? { prompt: "", image: Buffer.alloc(0) };
    assert.match(prompt, /system\n.*- red: red\n- wolf: wolf<\|im_end\|>.*<\|image_pad\|>.*Who of the cast/s);
    assert.equal(prompt.match(/image_pad/g)?.length, 1);
    assert.deepEqual([...image.subarray(0, 2)], [0xff, 0xd8], "a JPEG");
  } finally {
    await contestant.close();
  }
});

test("a server that fails at a picture again and again ends the evaluation with a sentence", async () => {
  const contestant = await open(`${triton.address}/understudy`);
  try {
    triton.misbehave("internal", 3);
    await assert.rejects(contestant.answer([{ train: [], test: [item()] }]), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, /understudy failed at a picture: /);
      return true;
    });
  } finally {
    triton.behave();
    await contestant.close();
  }
});

test("a name that is no recognizer, and a server or model that is not there, are refused in a sentence", async () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    [
      "stand-in",
      /"stand-in" is none of understudy, current, understudy:FILE\.fsm, grpc:\/\/host:port\/model/,
    ],
    [`${triton.address}/talker?ask=politely`, /ask must be one of list, score, verify/],
    [
      `${triton.address}/talker?sheet=oracle`,
      /nothing is known of a model "oracle"; the sheets are qwen2-vl-2b/,
    ],
    [`${triton.address}/talker?speed=2`, /knows no "speed", but ask, family/],
    [`${triton.address}/talker?maxPixels=12`, /maxPixels must be a whole number from 3136/],
    [`${triton.address}/nobody`, /has no model "nobody" ready/],
    [`${triton.address}/loading`, /has no model "loading" ready/],
    [
      "grpc://127.0.0.1:9/understudy",
      /no model server answers at grpc:\/\/127\.0\.0\.1:9: start it, or correct the address/,
    ],
    ["understudy:/nowhere/model.fsm", /there is no model file \/nowhere\/model\.fsm/],
    ["current", /holds no model yet; train one with: followspot train/],
  ];
  for (const [name, sentence] of refusals) {
    await assert.rejects(open(name), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, sentence);
      return true;
    });
  }
});
