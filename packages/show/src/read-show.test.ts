import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { parseShow } from "./read-show.ts";

const MINIMAL = `id: tale
name: A tale
cast:
  - id: fox
    kind: character
    name: Fox
`;

const parse = (source: string) => parseShow(source, { dir: "/shows/tale", file: "show.yaml" });

function messageOf(source: string): string {
  try {
    parse(source);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  }
  return assert.fail("was accepted");
}

test("a minimal show gets the defaults", () => {
  const show = parse(MINIMAL);
  assert.equal(show.cast[0]?.name, "Fox");
  assert.deepEqual(show.recognizer, {
    ladder: ["understudy", "hold", "manual"],
    model: "understudy",
    family: "qwen2-vl",
    ask: "score",
    maxPixels: 301_056,
    deadlineMs: 900,
    manualAfterMs: 10_000,
  });
  assert.equal(show.presence.enterMs, 250);
});

test("each source has its one-string form, relative to the show folder", () => {
  const sources = [
    "sample:",
    "push:",
    "file:clip.mp4",
    "file:///abs/clip.mp4",
    "folder:stills",
    "rtsp://u:p@cam/live",
    "http://cam/mjpeg",
    "webcam:/dev/video2",
  ];
  const yaml = sources.map((source, index) => `  - { id: c${index}, source: "${source}" }`).join("\n");
  assert.deepEqual(
    parse(`${MINIMAL}cameras:\n${yaml}\n`).cameras.map((camera) => camera.source),
    [
      { kind: "sample" },
      { kind: "push" },
      { kind: "file", path: "/shows/tale/clip.mp4" },
      { kind: "file", path: "/abs/clip.mp4" },
      { kind: "folder", path: "/shows/tale/stills" },
      { kind: "rtsp", url: "rtsp://u:p@cam/live" },
      { kind: "mjpeg", url: "http://cam/mjpeg" },
      { kind: "webcam", device: "/dev/video2" },
    ],
  );
});

test("an unknown key is named with its line and the keys that are allowed there", () => {
  assert.equal(
    messageOf(`${MINIMAL}    colour: red\n`),
    'show.yaml:7: unknown key "colour"; allowed here: id, kind, name, aliases, description',
  );
});

test("a wrong type is named with its line and what it must be", () => {
  assert.equal(
    messageOf(`${MINIMAL}cameras:\n  - id: stage\n    source: "sample:"\n    fps: fast\n`),
    "show.yaml:10: cameras.0.fps must be a number",
  );
});

test("a missing key is reported at the entry that lacks it", () => {
  assert.equal(
    messageOf(`${MINIMAL}cameras:\n  - id: stage\n`),
    "show.yaml:8: cameras.0.source is missing; it must be a string",
  );
});

test("a source that is none is answered with all the forms there are, and never shown", () => {
  const message = messageOf(`${MINIMAL}cameras:\n  - { id: stage, source: "ftp://user:secret@host/x" }\n`);
  assert.match(message, /^show\.yaml:8: cameras\.0\.source must be one of sample:/);
  assert.doesNotMatch(message, /secret/);
});

test("a scene that expects somebody outside the cast is refused", () => {
  assert.equal(
    messageOf(`${MINIMAL}scenes:\n  - { id: one, name: One, cast: [hen] }\n`),
    'show.yaml:8: "hen" is not in the cast; the cast is fox',
  );
});

test("an id used twice, the reserved id, and a rung without its server are refused", () => {
  assert.match(
    messageOf(`${MINIMAL}  - { id: fox, kind: prop, name: Again }\n`),
    /:7: the id "fox" is used twice/,
  );
  assert.match(messageOf(MINIMAL.replace("id: fox", "id: unknown")), /:4: the id "unknown" is kept/);
  assert.match(
    messageOf(`${MINIMAL}recognizer: { ladder: [qwen2-vl, understudy] }\n`),
    /:7: .*recognizer\.triton/,
  );
});

test("with the address of a Triton the ladder is whole, unless a part of it is named", () => {
  const ladder = (recognizer: string) => parse(`${MINIMAL}recognizer: { ${recognizer} }\n`).recognizer.ladder;
  assert.deepEqual(ladder('triton: "grpc://gpu:8001"'), ["qwen2-vl", "understudy", "hold", "manual"]);
  assert.deepEqual(ladder('triton: "grpc://gpu:8001", ladder: [understudy, hold]'), ["understudy", "hold"]);
  assert.ok(ladder('triton: "openai:http://127.0.0.1:8080/qwen2-vl"').includes("qwen2-vl"));
  for (const odd of [
    "http://gpu:8001",
    "openai:gpu:8080",
    "openai:http://me:secret@gpu:8080",
    "grpc://gpu",
    "grpc://me:secret@gpu:8001",
  ]) {
    assert.throws(
      () => ladder(`triton: "${odd}"`),
      { message: /recognizer\.triton must be grpc:.*openai:http/ },
      odd,
    );
  }
});

test("a ladder that is upside down, has nobody who looks, or lacks whom a setting needs is refused", () => {
  const refusal = (recognizer: string) => messageOf(`${MINIMAL}recognizer: { ${recognizer} }\n`);
  assert.match(
    refusal("ladder: [manual, understudy]"),
    /:7: the ladder goes from best to last, each once: qwen2-vl, /,
  );
  assert.match(refusal("ladder: [understudy, understudy]"), /best to last/);
  assert.match(refusal("ladder: [hold]"), /somebody who looks/);
  assert.match(refusal("cascade: {}"), /:7: a cascade needs both/);
  const alone = 'triton: "grpc://gpu:8001", ladder: [qwen2-vl], ask: verify';
  assert.match(refusal(alone), /:7: to ask by verify, the understudy must propose/);
});

test("broken YAML is one sentence with its line", () => {
  assert.match(messageOf("id: [unclosed\nname: x\n"), /^show\.yaml:\d+: /);
});

test("aliases are refused, so that a small file cannot grow in memory", () => {
  assert.match(messageOf(`a: &a [x]\nb: *a\n${MINIMAL}`), /aliases/);
});

test("whatever the text is, the answer is a show or a UserError", () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom("cast:", "  - id: a", "cameras: [", "id: 5", "  kind: prop", "? !!x", "- -"),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      try {
        parse(lines.join("\n"));
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});
