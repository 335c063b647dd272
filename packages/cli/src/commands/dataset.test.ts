import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** @param onErr is told everything on standard error so far. */
async function dataset(
  words: readonly string[],
  onErr: (err: string, interrupt: () => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, "dataset", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    onErr(err, () => child.kill("SIGINT"));
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

async function folder(
  context: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-dataset-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

const SIDE = 48;

/** A PNG in one grey after another, so that no two are the same. */
function png(number: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 0, 0, 0, 0]);
  const rows = Buffer.alloc((SIDE + 1) * SIDE);
  rows.fill(number % 256, 1, SIDE + 1);
  rows.fill(number >> 8, SIDE + 2, 2 * SIDE);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const pictures = (count: number): Record<string, Buffer> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`source/wolf/${at}.png`, png(at)]));

test("an import that Ctrl-C ends says so, leaves a data set, and goes on from there", async (context) => {
  const dir = await folder(context, pictures(400));
  const words = ["import", join(dir, "source"), "--to", join(dir, "dataset"), "--json"];
  let interrupted = false;
  const first = await dataset(words, (err, interrupt) => {
    if (interrupted || !err.includes("10 %")) return;
    interrupted = true;
    interrupt();
  });
  assert.equal(first.code, 1, first.err);
  assert.match(first.err, /interrupted: the data set is in order, and the same command goes on from here\n$/);
  const { added } = JSON.parse(first.out) as { added: number };
  assert.ok(added > 0 && added < 400, String(added));
  const lines = (await readFile(join(dir, "dataset/metadata.jsonl"), "utf8")).trim().split("\n");
  assert.equal(lines.length, added);
  const second = await dataset(words);
  assert.equal(second.code, 0, second.err);
  const { added: rest, known } = JSON.parse(second.out) as { added: number; known: number };
  assert.deepEqual([rest, known], [400 - added, added]);
  assert.match(second.err, /100 % {2}importing pictures/);
});

for (const [what, files, message] of [
  [
    "a broken line",
    { "source/metadata.jsonl": '{"file_name": "a.png"' },
    /metadata\.jsonl:1: this line is not JSON/,
  ],
  [
    "a field",
    { "source/a.png": png(1), "source/metadata.jsonl": '{"file_name": "a.png", "kind": "hero"}' },
    /metadata\.jsonl:1: kind: must be one of character, prop, unknown/,
  ],
  [
    "a picture outside",
    { "a.png": png(1), "source/metadata.jsonl": '{"file_name": "../a.png", "kind": "unknown"}' },
    /metadata\.jsonl:1: file_name: there is no picture \.\.\/a\.png in the source; add it/,
  ],
  [
    "COCO that is cut off",
    { "source/a.json": '{"images": [], "categories": [' },
    /a\.json is not JSON; export it again/,
  ],
  ["an empty picture", { "source/wolf/a.png": "" }, /wolf\/a\.png: the picture is empty/],
  ["HEIC", { "source/wolf/a.jpg": "\0\0\0\x18ftypheic\0\0\0\0" }, /wolf\/a\.jpg: .*HEIC.*: save it as JPEG/],
  ["nothing", { "notes.txt": "" }, /source does not exist: name a folder with pictures/],
  ["no pictures", { "source/notes.txt": "" }, /there are no pictures in it; name the folder/],
] as const) {
  test(`importing ${what} is refused in one sentence, as bad input`, async (context) => {
    const dir = await folder(context, files);
    const { code, err } = await dataset(["import", join(dir, "source"), "--to", join(dir, "dataset")]);
    assert.equal(code, 2, err);
    assert.match(err, message);
    assert.doesNotMatch(err, /^\s+at /m);
    assert.equal(err.split("\n").filter((line) => message.test(line)).length, 1, err);
  });
}

for (const [what, words, message] of [
  ["no show", ["import", "."], /there is no show\.yaml here: name the data set with --to DIR/],
  ["no data set", ["check", "--dataset", "nowhere"], /nowhere\/metadata\.jsonl is missing/],
  [
    "a report that cannot be written",
    ["check", "--dataset", ".", "--html", "nowhere/x.html"],
    /--html: nowhere\/x\.html cannot be written \(ENOENT\): name a file in a folder/,
  ],
  ["a version that is none", ["version", "--since", "5"], /--since: a version is 64 hexadecimal digits/],
  [
    "a format that is none",
    ["export", "--to", "x", "--format", "yolo"],
    /Allowed choices are folders, imagefolder/,
  ],
  [
    "boxes that a format has its own way for",
    ["export", "--to", "x", "--format", "coco", "--boxes", "pixels"],
    /--boxes is for/,
  ],
  ["a share above one", ["split", "--test", "2"], /It must be a share from 0 to 0\.9/],
] as const) {
  test(`${what} is bad usage`, async () => {
    const { code, err } = await dataset(words);
    assert.equal(code, 2, err);
    assert.match(err, message);
    assert.doesNotMatch(err, /^\s+at /m);
  });
}

test("what is exported comes back, and nothing is written over", async (context) => {
  const dir = await folder(context, pictures(3));
  const to = join(dir, "dataset");
  assert.equal((await dataset(["import", join(dir, "source"), "--to", to, "--scene", "kitchen"])).code, 0);
  const out = join(dir, "coco");
  assert.equal((await dataset(["export", "--from", to, "--to", out, "--format", "coco"])).code, 0);
  const again = await dataset(["export", "--from", to, "--to", out, "--format", "coco"]);
  assert.equal(again.code, 2);
  assert.match(again.err, /is not empty, and nothing is written over; name a new folder/);
  const back = join(dir, "back");
  assert.equal((await dataset(["import", out, "--to", back])).code, 0);
  const hashes = await Promise.all([to, back].map((one) => dataset(["version", "--dataset", one])));
  assert.equal(hashes[0]?.out, hashes[1]?.out);
  assert.match(hashes[0]?.out ?? "", /^[0-9a-f]{64}\n$/);
});
