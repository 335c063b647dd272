import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { Sensor } from "../camera.ts";
import { CAST } from "../cast.ts";
import { setStage } from "../stage.ts";
import { LIGHTS } from "../story/lights.ts";
import { DURATION_MS, SCENES } from "../story/scenes.ts";
import { LEAST_TILT } from "./compose-picture.ts";
import { PLACES } from "./places.ts";
import { planDataset } from "./plan-dataset.ts";
import { DATASET_SEED, type DatasetLine, renderPlanned } from "./write-sample-dataset.ts";

const SHOW = fileURLToPath(new URL("../../../../shows/little-red-riding-hood", import.meta.url));
const plan = planDataset(DATASET_SEED);

async function committedLines(): Promise<DatasetLine[]> {
  const text = await readFile(join(SHOW, "dataset", "metadata.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as DatasetLine);
}

test("every member has a dozen pictures of its own, in six places at least", () => {
  assert.ok(PLACES.length >= 6);
  for (const { id, kind } of CAST) {
    const own = plan.filter((picture) => picture.name === id && picture.fileName.startsWith(`${id}-`));
    assert.ok(own.length >= 12, `${id} has ${own.length}`);
    assert.ok(own.every((picture) => picture.kind === kind));
    assert.ok(new Set(own.map(({ scene }) => scene)).size >= 6, `${id} is in too few places`);
    assert.ok(new Set(own.map(({ light }) => light.name)).size >= 6, `${id} is in too few lights`);
  }
});

test("there are groups, strangers and empty places in every place", () => {
  for (const { id } of PLACES) {
    const here = plan.filter(({ scene }) => scene === id);
    assert.ok(
      here.some(({ poses }) => poses.length >= 2),
      `no group in ${id}`,
    );
    assert.ok(
      here.some(({ fileName }) => fileName.startsWith("unknown-empty")),
      `${id} is never empty`,
    );
    assert.ok(here.filter(({ kind }) => kind === "unknown").length >= 3, `no strangers in ${id}`);
  }
});

test("the data set uses no pose, light or place of the show", () => {
  const showLights = new Set<string>(Object.values(LIGHTS).map(({ name }) => name));
  const showGains = new Set(Object.values(LIGHTS).map(({ ambient }) => ambient.join()));
  for (const { light, scene } of plan) {
    assert.ok(!showLights.has(light.name) && !showGains.has(light.ambient.join()), light.name);
    assert.ok(!SCENES.some(({ id }) => id === scene), scene);
  }
  let most = 0;
  for (let timeMs = 0; timeMs < DURATION_MS; timeMs += 50) {
    for (const { pose } of setStage(timeMs).present) most = Math.max(most, Math.abs(pose.tilt));
  }
  assert.ok(most < LEAST_TILT, `the show tilts as far as ${most} degrees`);
  for (const { poses, fileName } of plan) {
    for (const { pose } of poses) assert.ok(Math.abs(pose.tilt) >= LEAST_TILT, fileName);
  }
});

test("the same seed renders the same picture, with boxes inside it", async () => {
  const sensor = new Sensor(DATASET_SEED);
  for (const planned of plan.filter((_, index) => index % 97 === 0)) {
    const first = await renderPlanned(planned, { sensor, seed: 3 });
    const second = await renderPlanned(planned, { sensor, seed: 3 });
    assert.ok(first.jpeg.equals(second.jpeg), planned.fileName);
    assert.deepEqual(first.line, second.line);
  }
});

test("the data set in the show folder is the planned one, within its bounds", async () => {
  const lines = await committedLines();
  assert.deepEqual(
    lines.map(({ file_name, name, scene, caption }) => [file_name, name, scene, caption]),
    plan.map(({ fileName, name, scene, caption }) => [fileName, name, scene, caption]),
  );
  const files = (await readdir(join(SHOW, "dataset"))).filter((file) => file !== "metadata.jsonl").sort();
  assert.deepEqual(files, lines.map(({ file_name }) => file_name).sort());
  let bytes = 0;
  for (const { file_name, kind, name, objects } of lines) {
    const file = join(SHOW, "dataset", file_name);
    bytes += (await stat(file)).size;
    const { width, height, format } = await sharp(file).metadata();
    assert.deepEqual([width, height, format], [640, 480, "jpeg"]);
    assert.equal(objects.bbox.length, objects.categories.length);
    if (kind !== "unknown")
      assert.ok(objects.categories.includes(name), `${file_name}: ${name} is not framed`);
    for (const [left = -1, top = -1, boxWidth = 0, boxHeight = 0] of objects.bbox) {
      const inside = left >= 0 && top >= 0 && left + boxWidth <= 640 && top + boxHeight <= 480;
      assert.ok(
        inside && boxWidth > 8 && boxHeight > 8,
        `${file_name}: ${[left, top, boxWidth, boxHeight].join()}`,
      );
    }
  }
  assert.ok(bytes <= 4 * 1024 * 1024, `${bytes} bytes`);
});

test("captions name who is in the picture", async () => {
  for (const { caption, objects, kind } of await committedLines()) {
    if (kind === "unknown") continue;
    for (const label of objects.categories) {
      const member = CAST.find(({ id }) => id === label);
      assert.ok(member && caption.toLowerCase().includes(member.name.toLowerCase()), `${label}: ${caption}`);
    }
  }
});

test("show.yaml has the same cast and scenes as the drawings", async () => {
  const yaml = (await readFile(join(SHOW, "show.yaml"), "utf8")).replace(/\s+/g, " ");
  for (const { id, kind, name, description } of CAST) {
    assert.ok(yaml.includes(`- id: ${id} kind: ${kind} name: ${name} aliases:`), id);
    assert.ok(yaml.includes(description), `the description of ${id}`);
  }
  for (const { id, cast } of SCENES) {
    assert.match(yaml, new RegExp(`- id: ${id} name: [^\\]]* cast: \\[${cast.join(", ")}\\]`), id);
  }
});
