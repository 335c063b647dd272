import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { addCastMember } from "./add-cast-member.ts";
import { readShow } from "./read-show.ts";

const FOX = { id: "fox", kind: "character", name: 'The "Red" Fox' } as const;

async function show(t: TestContext, source: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-cast-"));
  t.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "show.yaml"), source);
  return dir;
}

const SOURCES: readonly [string, string][] = [
  [
    "comments and folded texts",
    'id: my-show\nname: Mine # a comment\ncast:\n  # first\n  - id: wolf\n    kind: character\n    name: Wolf\n    description: >-\n      A grey\n      wolf.\n\n# the cameras\ncameras:\n  - id: stage\n    source: "push:"\n',
  ],
  [
    "a cast at the end without a newline",
    "id: my-show\nname: Mine\ncast:\n- id: wolf\n  kind: character\n  name: Wolf",
  ],
  [
    "Windows line ends",
    "id: my-show\r\nname: Mine\r\ncast:\r\n  - id: wolf\r\n    kind: prop\r\n    name: Wolf\r\ncameras: []\r\n",
  ],
];

for (const [what, source] of SOURCES) {
  test(`a member is added to a show with ${what}, and nothing else changes`, async (t) => {
    const dir = await show(t, source);
    await addCastMember(dir, { ...FOX, description: "red" });
    const { cast } = await readShow(dir);
    assert.deepEqual(
      cast.map(({ id }) => id),
      ["wolf", "fox"],
    );
    assert.deepEqual([cast[1]?.name, cast[1]?.description], [FOX.name, "red"]);
    const next = await readFile(join(dir, "show.yaml"), "utf8");
    const lines = (text: string): number => text.trimEnd().split(/\r?\n/).length;
    assert.equal(lines(next), lines(source) + 4, next);
    for (const line of source.split(/\r?\n/)) assert.ok(next.includes(line), line);
  });
}

test("a cast in braces is left alone, and the lines to add are told", async (t) => {
  const source = "id: my-show\nname: Mine\ncast: [{ id: wolf, kind: prop, name: Wolf }]\n";
  const dir = await show(t, source);
  await assert.rejects(addCastMember(dir, FOX), /cast list cannot be added to[^]*- id: fox/);
  assert.equal(await readFile(join(dir, "show.yaml"), "utf8"), source);
});

test("somebody who is in the cast already is not added twice", async (t) => {
  const dir = await show(t, SOURCES[0]?.[1] ?? "");
  await assert.rejects(addCastMember(dir, { ...FOX, id: "wolf" }), /cannot be added to/);
});
