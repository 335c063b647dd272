import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { announceSystem } from "@followspot/runtime";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const SAMPLE = fileURLToPath(new URL("../../../../shows/little-red-riding-hood", import.meta.url));

const dir = await mkdtemp(join(tmpdir(), "followspot-calibrate-command-"));
const show = join(dir, "show");
await cp(SAMPLE, show, { recursive: true, filter: (source) => !source.includes("models") });
// As sure of everything as of nothing: every label at raw 4, and right for one in so many.
const triton = await ScriptedTriton.start({
  models: [
    {
      name: "qwen2_vl_scores",
      version: "w1",
      rung: "qwen2-vl",
      slots: 4,
      answer: ({ labels }) => ({
        labels: labels.map((label) => ({ label, raw: 4, score: 0.98 })),
        unknown: 0.98,
      }),
    },
    { name: "chatty", contract: "vllm", slots: 4, texts: () => ["I think it is a puppet."] },
  ],
});
after(async () => {
  await triton.close();
  await rm(dir, { recursive: true, force: true });
});

async function followspot(...words: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

test("calibrate writes the file that the show's recognizer will use, and says what it is worth", async () => {
  const recognizer = `${triton.address}/qwen2_vl_scores`;
  const labels = ["--labels", "red,wolf"];
  const { code, out, err } = await followspot(
    "calibrate",
    "--show",
    show,
    "--recognizer",
    recognizer,
    ...labels,
  );
  assert.equal(code, 0, err);
  assert.match(out, /calibration error on scenes held out: 0\.\d+ as it came, 0\.\d+ calibrated/);
  const [before = 0, after = 1] = [...(/(0\.\d+) as it came, (0\.\d+) calibrated/.exec(out) ?? [])]
    .slice(1)
    .map(Number);
  assert.ok(after < before / 2, out);
  const [file = ""] = (await readdir(join(show, "models"))).filter((name) => name.startsWith("calibration-"));
  const { model, ask } = JSON.parse(await readFile(join(show, "models", file), "utf8"));
  assert.deepEqual([model, ask], ["w1", "score"]);
  assert.match(err, /calibration: .*; the next followspot up applies it to this model and prompt/);
});

test("while the show runs, calibrate says that its scores stay as they are", async (t) => {
  const address = "http://127.0.0.1:1";
  const addresses = { redisUrl: "redis://127.0.0.1:1", console: address, results: address, ingest: address };
  const notice = await announceSystem(show, {
    pid: process.pid,
    startedAt: new Date().toISOString(),
    ...addresses,
    understudy: "grpc://127.0.0.1:1",
  });
  t.after(() => notice.close());
  const recognizer = `${triton.address}/qwen2_vl_scores`;
  const labels = ["--labels", "red,wolf"];
  const { code, err } = await followspot("calibrate", "--show", show, "--recognizer", recognizer, ...labels);
  assert.equal(code, 0, err);
  assert.match(err, /the system that runs this show keeps the scores that it has: end it and start it again/);
});

test("a recognizer that cannot be calibrated, or is not there, ends with a sentence and code 2", async () => {
  for (const [recognizer, sentence] of [
    ["current", /"current" cannot be calibrated: write grpc:\/\/host:port\/model/],
    [`${triton.address}/nobody`, /has no model "nobody" ready/],
    [`${triton.address}/qwen2_vl_scores?ask=sing`, /ask must be one of list, score, verify/],
  ] as const) {
    const { code, err } = await followspot("calibrate", "--show", show, "--recognizer", recognizer);
    assert.equal(code, 2, err);
    assert.match(err, sentence);
  }
});

test("a model of whose answers none can be read is not calibrated", async () => {
  const calibrations = async () =>
    (await readdir(join(show, "models"))).filter((name) => name.startsWith("calibration-"));
  await mkdir(join(show, "models"), { recursive: true });
  const before = await calibrations();
  const recognizer = `${triton.address}/chatty?ask=list`;
  const { code, err } = await followspot("calibrate", "--show", show, "--recognizer", recognizer);
  assert.equal(code, 2, err);
  assert.match(err, /none of its \d+ answers could be read, so nothing was written/);
  assert.deepEqual(await calibrations(), before);
});

test("evaluate takes six recognizers at most", async () => {
  const { code, err } = await followspot("evaluate", "--recognizer", "a,b,c,d,e,f,g");
  assert.equal(code, 2);
  assert.match(err, /It must name one to 6 recognizers/);
});
