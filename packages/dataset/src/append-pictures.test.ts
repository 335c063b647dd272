import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import sharp from "sharp";
import { appendPictures, type PictureAddition } from "./append-pictures.ts";
import { formatMetadataLine, parseMetadataLine } from "./metadata-line.ts";
import { readDataset } from "./read-dataset.ts";
import { processMark, withWriterLock, WRITERS } from "./writer-lock.ts";

async function emptyFolder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-append-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function painted(shade: number): Promise<Uint8Array> {
  const background = { r: shade % 256, g: (shade * 7) % 256, b: 90 };
  return await sharp({ create: { width: 32, height: 24, channels: 3, background } })
    .png()
    .toBuffer();
}

async function wolf(shade: number): Promise<PictureAddition> {
  return { bytes: await painted(shade), suggestedName: "Wolf, Act 1", kind: "character", label: "wolf" };
}

test("pictures are added with all their columns, and read as they were given", async (context) => {
  const dir = await emptyFolder(context);
  const objects = [{ label: "wolf", box: { left: 1, top: 2, width: 3, height: 4 } }];
  const extra = { camera: "left", votes: [1, 2] };
  const given = {
    ...(await wolf(1)),
    scene: "attic",
    caption: "the wolf",
    split: "golden",
    objects,
    extra,
  } as const;
  const [fileName] = await appendPictures(dir, [given]);
  assert.match(fileName ?? "", /^wolf-act-1-[0-9a-f]{12}\.png$/);
  const [picture] = (await readDataset(dir)).pictures;
  assert.ok(picture);
  const { path, place: _, ...entry } = picture;
  const { kind, label, scene, caption, split } = given;
  assert.deepEqual(entry, { fileName, kind, label, scene, caption, split, objects, extra });
  assert.deepEqual(new Uint8Array(await readFile(path)), new Uint8Array(given.bytes));
});

test("what is there stays byte for byte, also where the last line has no end", async (context) => {
  const dir = await emptyFolder(context);
  const [first] = await appendPictures(dir, [await wolf(1)]);
  const before = `  {"kind":"character",  "file_name":"${first}", "name":"wolf", "mood":"hungry"}`;
  await writeFile(join(dir, "metadata.jsonl"), before);
  await appendPictures(dir, [await wolf(2)]);
  const after = await readFile(join(dir, "metadata.jsonl"), "utf8");
  assert.ok(after.startsWith(`${before}\n{`), after);
  assert.equal((await readDataset(dir)).pictures.length, 2);
});

test("the same picture twice is one line; as somebody else's it is another picture", async (context) => {
  const dir = await emptyFolder(context);
  const names = await appendPictures(dir, [await wolf(1), await wolf(1)]);
  assert.equal(names[0], names[1]);
  assert.deepEqual(await appendPictures(dir, [await wolf(1)]), [names[0]]);
  const [fox] = await appendPictures(dir, [{ ...(await wolf(1)), label: "fox" }]);
  assert.notEqual(fox, names[0]);
  assert.deepEqual((await readDataset(dir)).labels, ["fox", "wolf"]);
});

test("a file of other bytes that has the name already is left alone", async (context) => {
  const dir = await emptyFolder(context);
  const [name] = await appendPictures(dir, [await wolf(1)]);
  assert.ok(name);
  await rm(join(dir, "metadata.jsonl"));
  await writeFile(join(dir, name), "somebody's notes");
  const [second] = await appendPictures(dir, [await wolf(1)]);
  assert.equal(second, name.replace(".png", "-2.png"));
  assert.equal(await readFile(join(dir, name), "utf8"), "somebody's notes");
});

test("one bad picture, and none is added", async (context) => {
  const dir = await emptyFolder(context);
  const bad: readonly [Partial<PictureAddition>, RegExp][] = [
    [{ bytes: Buffer.from("GIF89a") }, /only JPEG and PNG/],
    [{ label: "Big Wolf" }, /name: must consist of/],
    [{ label: "unknown" }, /needs the id/],
    [{ objects: [{ label: "wolf", box: { left: 0, top: 0, width: 0, height: 1 } }] }, /objects\.bbox/],
  ];
  for (const [change, message] of bad) {
    await assert.rejects(appendPictures(dir, [await wolf(1), { ...(await wolf(2)), ...change }]), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(await readdir(dir), []);
});

test("many writers at once, in several processes, lose nothing", { timeout: 60_000 }, async (context) => {
  const dir = await emptyFolder(context);
  const script = `
    import { appendPictures } from ${JSON.stringify(import.meta.resolve("./append-pictures.ts"))};
    const png = (n) => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.from(process.argv[1] + "/" + n)]);
    const add = (n) => ({ bytes: png(n), suggestedName: "w", kind: "character", label: "wolf" });
    for (let n = 0; n < 8; n += 2) await Promise.all([appendPictures(process.argv[2], [add(n)]), appendPictures(process.argv[2], [add(n + 1)])]);
  `;
  const children = ["a", "b", "c"].map((name) =>
    spawn(process.execPath, ["--input-type=module", "-e", script, name, dir], {
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
  assert.deepEqual(codes, [0, 0, 0]);
  assert.equal((await readDataset(dir)).pictures.length, 24);
  assert.deepEqual(await readdir(join(dir, WRITERS)), []);
});

test("a writer that died leaves no lock; one that lives is waited for and then named", async (context) => {
  const dir = await emptyFolder(context);
  const dead = spawn(process.execPath, ["-e", ""]);
  await once(dead, "exit");
  await appendPictures(dir, [await wolf(1)]);
  await writeFile(join(dir, WRITERS, processMark().replace(`~${process.pid}~`, `~${dead.pid}~`)), "");
  // This process's id with another start: somebody else had the id before.
  await writeFile(join(dir, WRITERS, processMark().replace(/~\d+~([0-9a-f]+)$/, "~12345~$1")), "");
  await appendPictures(dir, [await wolf(2)]);
  await withWriterLock(dir, async () => {
    await assert.rejects(
      withWriterLock(dir, () => Promise.resolve(), { waitMs: 20 }),
      new RegExp(`is being written by process ${process.pid}: wait`),
    );
  });
  await withWriterLock(dir, () => Promise.resolve(), { waitMs: 0 });
});

test("a half-written last line is refused, not built upon", async (context) => {
  const dir = await emptyFolder(context);
  await appendPictures(dir, [await wolf(1)]);
  await appendFile(join(dir, "metadata.jsonl"), '{"file_name":"x');
  await assert.rejects(appendPictures(dir, [await wolf(2)]), /metadata\.jsonl:2: this line is not JSON/);
});

const id = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/).filter((text) => text !== "unknown");
const side = fc.double({ min: 0.5, max: 5_000, noNaN: true });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const columns = fc.dictionary(
  fc
    .string()
    .filter(
      (key) =>
        !["file_name", "kind", "name", "scene", "caption", "split", "objects", "__proto__"].includes(key),
    ),
  fc.jsonValue().filter((value) => value !== undefined),
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);

test("a line that was written is read as it was", () => {
  const box = fc.record({ left: side, top: side, width: side, height: side });
  const entry = fc.record({
    fileName: fc.string({ minLength: 1 }),
    kind: fc.constantFrom("character" as const, "prop" as const),
    label: id,
    scene: maybe(fc.string()),
    caption: maybe(fc.string()),
    split: maybe(fc.constantFrom("train" as const, "test" as const, "golden" as const)),
    objects: maybe(fc.array(fc.record({ label: id, box }), { maxLength: 4 })),
    extra: columns,
  });
  fc.assert(
    fc.property(entry, (given) => {
      const read = parseMetadataLine(formatMetadataLine(given), "line");
      assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(given)));
    }),
  );
});
