import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { type VersionLine, versionOf } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { compareVersions, manifestFile, readManifest, writeManifest } from "./version-manifest.ts";

function line(name: string, change: Partial<VersionLine> = {}): VersionLine {
  const pixels = Buffer.from(name.padEnd(32, "-")).toString("hex");
  const rest = {
    kind: "prop",
    label: "axe",
    scene: null,
    caption: null,
    split: null,
    objects: null,
  } as const;
  return { fileName: `${name}.jpg`, pixels, ...rest, ...change };
}

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-manifest-"));
  context.after(() => rm(dir, { recursive: true }));
  return dir;
}

test("a manifest is written once, cannot be written by accident, and is read as it was", async (context) => {
  const dir = await folder(context);
  const version = versionOf([line("b"), line("a", { objects: [["axe", 1, 2, 3, 4]] })]);
  const file = await writeManifest(dir, version);
  assert.equal(file, manifestFile(dir, version.hash));
  const { mtimeMs, mode } = await stat(file);
  assert.equal(mode & 0o222, 0);
  assert.equal(await writeManifest(dir, version), file);
  assert.equal((await stat(file)).mtimeMs, mtimeMs);
  assert.deepEqual(await readManifest(file), version);
  assert.deepEqual(await readdir(join(dir, "versions")), [`${version.hash}.json`]);
});

test("a manifest that somebody changed is refused, and not repaired in silence", async (context) => {
  const dir = await folder(context);
  const version = versionOf([line("a")]);
  const file = await writeManifest(dir, version);
  const text = await readFile(file, "utf8");
  await chmod(file, 0o644);
  const broken: readonly [string, RegExp][] = [
    [text.replace('"axe"', '"hat"'), /was changed after/],
    ["{", /is not JSON/],
    [text.replace('"prop"', '"animal"'), /lines\.0\.kind/],
  ];
  for (const [content, message] of broken) {
    await writeFile(file, content);
    await assert.rejects(writeManifest(dir, version), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(await readFile(file, "utf8"), content);
  }
  await assert.rejects(readManifest(join(dir, "no.json")), /there is no such manifest/);
});

test("two versions tell what was added, removed and changed, whatever the files are called", () => {
  const older = versionOf([line("same"), line("gone"), line("moved"), line("again")]);
  const newer = versionOf([
    line("same", { fileName: "renamed.jpg" }),
    line("moved", { scene: "table" }),
    line("again"),
    line("again", { fileName: "twice.jpg" }),
    line("new"),
  ]);
  assert.deepEqual(compareVersions(older, newer), {
    added: ["new.jpg"],
    removed: ["gone.jpg"],
    changed: ["again.jpg", "moved.jpg", "twice.jpg"],
  });
});
