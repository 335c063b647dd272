import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { decodeDatasetPicture, readDataset } from "@followspot/dataset";
import { paintTroupe } from "./paint-troupe.ts";

async function painted(context: TestContext, seed: number): Promise<string> {
  const showDir = await mkdtemp(join(tmpdir(), "followspot-troupe-"));
  context.after(() => rm(showDir, { recursive: true, force: true }));
  await paintTroupe(showDir, { subjects: 3, picturesEach: 4, seed });
  return join(showDir, "dataset");
}

test("a troupe is a data set: everybody in different places, framed inside the picture", async (context) => {
  const { pictures, labels } = await readDataset(await painted(context, 7));
  assert.equal(pictures.length, 12);
  assert.deepEqual(labels, ["puppet-01", "puppet-02", "puppet-03"]);
  for (const label of labels) {
    const places = pictures.filter((picture) => picture.label === label).map(({ scene }) => scene);
    assert.equal(new Set(places).size, 4);
  }
  for (const picture of pictures) {
    const { width, height } = await decodeDatasetPicture(picture);
    assert.deepEqual([width, height], [640, 480]);
    const [object] = picture.objects ?? [];
    assert.ok(object && object.label === picture.label);
    const { box } = object;
    assert.ok(box.left >= 0 && box.top >= 0 && box.left + box.width <= 640 && box.top + box.height <= 480);
    assert.ok(
      Math.min(box.width, box.height) > 60,
      `${picture.fileName} is framed at ${JSON.stringify(box)}`,
    );
  }
});

test("the same seed paints the same troupe, another seed another one", async (context) => {
  const [first, again, other] = await Promise.all([7, 7, 8].map((seed) => painted(context, seed)));
  const read = (dir: string | undefined) => readFile(join(dir ?? "", "puppet-02-3.jpg"));
  assert.ok((await read(first)).equals(await read(again)));
  assert.ok(!(await read(first)).equals(await read(other)));
});
