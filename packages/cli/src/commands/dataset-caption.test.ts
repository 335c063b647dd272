import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { captionShow, readMetadata } from "../../../captions/src/testdata/caption-show.ts";
import { SAYS_TIDIED, scriptedWriters } from "../../../captions/src/testdata/scripted-writers.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const FILES = ["red-01.jpg", "red-02.jpg", "wolf-01.jpg"];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function caption(
  words: readonly string[],
  { cwd, onErr = () => {} }: { cwd?: string; onErr?: (err: string, interrupt: () => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, "dataset", "caption", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    onErr(err, () => child.kill("SIGINT"));
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

async function setUp(context: TestContext, scripts: Parameters<typeof scriptedWriters>[1] = {}) {
  const dir = await captionShow(context, { files: FILES });
  const scripted = await scriptedWriters(context, scripts);
  const ask = ["--show", dir, "--vision", `${scripted.triton.address}/qwen2_vl`];
  return { dir, ask, ...scripted };
}

test("from drafts to decisions without a terminal: what is accepted is the caption, and the rest is as it was", async (context) => {
  const { dir, ask } = await setUp(context);
  const before = await readMetadata(dir);
  const drafted = await caption([...ask, "--json"]);
  assert.equal(drafted.code, 0, drafted.err);
  assert.equal((JSON.parse(drafted.out) as { drafted: number }).drafted, 3);
  assert.match(drafted.err, /3 of 3 pictures have a draft now/);
  assert.equal(await readMetadata(dir), before);

  const listed = await caption(["--show", dir, "--drafts"]);
  const decisions = listed.out
    .split("\n")
    .map((line) => (line.includes("wolf") ? line : line.replace('"decision":null', '"decision":"accept"')));
  const file = join(dir, "decisions.jsonl");
  await writeFile(file, decisions.join("\n"));
  const applied = await caption(["--show", dir, "--apply", file, "--who", "ada"]);
  assert.equal(applied.code, 0, applied.err);
  assert.match(applied.err, /2 captions were written, 0 drafts refused; 1 draft waits/);
  assert.match(
    await readMetadata(dir),
    /"caption":"Little Red Riding Hood facing the camera in the garden\."/,
  );
  assert.match(await readFile(join(dir, "dataset/captions/history.jsonl"), "utf8"), /"who":"ada"/);

  const again = await caption(["--show", dir, "--apply", file]);
  assert.equal(again.code, 1);
  assert.match(again.err, /decisions\.jsonl:1: red-01\.jpg: this draft does not wait/);
});

test("Ctrl-C keeps what came, says how to go on, and the same command does", async (context) => {
  let stop = (): void => {};
  const { ask, triton } = await setUp(context, {
    tidy: (told) => {
      if (told.number === 2) stop();
      return SAYS_TIDIED(told);
    },
  });
  const model = triton.models.get("qwen2_text");
  assert.ok(model);
  model.serviceMs = 150;
  const child = caption([...ask, "--parallel", "1"], {
    onErr: (_, interrupt) => {
      stop = interrupt;
    },
  });
  const ended = await child;
  assert.equal(ended.code, 1, ended.err);
  assert.match(ended.err, /interrupted: the same command goes on from here/);
  assert.match(ended.err, /[12] of 3 pictures have a draft now/);
  const rest = await caption(ask);
  assert.equal(rest.code, 0, rest.err);
  assert.match(rest.err, /[12] had one already/);
});

test("every mistake is one sentence that says what to do", async (context) => {
  const { dir, ask, triton } = await setUp(context);
  for (const [words, code, message] of [
    [[], 2, /there is no show\.yaml here: name the show with --show DIR/],
    [["--show", dir], 2, /show\.yaml names no model server.*--vision grpc:\/\/HOST:PORT\/MODEL/],
    [["--show", dir, "--vision", "localhost"], 2, /--vision must be grpc:\/\/HOST:PORT\/MODEL/],
    [["--show", dir, "--vision", "grpc://127.0.0.1:9/m"], 2, /--vision: no model server answers at/],
    [[...ask, "--text", `${triton.address}/none`], 2, /--text: the server at .* has no model "none" ready/],
    [
      ["--show", dir, "--no-look", "--text", `${triton.address}/qwen2_text`],
      0,
      /no picture has a caption to/,
    ],
    [[...ask, "--bible", join(dir, "none.md")], 2, /--bible: there is no file/],
    [[...ask, "--context", "1024"], 2, /the cast with its descriptions takes about .* tokens/],
    [["--show", dir, "--review", "--page"], 2, /--review and --page do not go together/],
    [["--show", dir, "--apply", join(dir, "none")], 2, /--apply: .*none cannot be read/],
    [["--show", dir, "--review"], 0, /no draft waits: followspot dataset caption asks for some/],
    [["--dataset", join(dir, "dataset/nowhere"), "--drafts"], 2, /has no show\.yaml: name the show/],
    [[...ask, "--deadline", "0"], 2, /It must be a whole number from 1 to 3600/],
  ] as const) {
    const { code: ended, err } = await caption(words, { cwd: join(dir, "dataset") });
    assert.match(err, message, words.join(" "));
    assert.equal(ended, code, err);
    assert.ok(!/\n\s+at /.test(err), err);
  }
});

test("a review without a terminal is refused, and the two other ways are named", async (context) => {
  const { dir, ask } = await setUp(context);
  await caption([...ask, "--limit", "1"]);
  const { code, err } = await caption(["--show", dir, "--review"]);
  assert.equal(code, 2);
  assert.match(
    err,
    /--review needs a terminal to read keys from: use --page for the browser, or --drafts and --apply/,
  );
});

test("a server that goes away in the middle ends the run with what there is", async (context) => {
  const { ask, triton } = await setUp(context, {
    tidy: (told) => {
      if (told.number === 2) void triton.stop();
      return SAYS_TIDIED(told);
    },
  });
  const { code, err } = await caption([...ask, "--parallel", "1"]);
  assert.equal(code, 1, err);
  assert.match(err, /1 of 3 pictures have a draft now/);
  assert.match(
    err,
    /ended early: .*unavailable.*the drafts that have come are kept, and the same command goes on/,
  );
});

test("where not one draft comes, the command has failed", async (context) => {
  const { ask } = await setUp(context, { tidy: () => "I would rather talk about the weather." });
  const { code, err } = await caption(ask);
  assert.equal(code, 1, err);
  assert.match(err, /0 of 3 pictures have a draft now[^]*not one draft came/);
});

test("what of the bible does not fit is said", async (context) => {
  const { dir, ask } = await setUp(context);
  const paragraphs = Array.from(
    { length: 400 },
    (_, at) => `Scene ${at}: the wolf walks through the forest, on and on.`,
  );
  await writeFile(join(dir, "bible.md"), paragraphs.join("\n\n"));
  const { code, err } = await caption([...ask, "--limit", "1"]);
  assert.equal(code, 0, err);
  assert.match(err, /note: the last \d+ of the 400 paragraphs of bible\.md do not fit.*--context/);
});
