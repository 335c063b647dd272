import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeJpeg, Sensor } from "../camera.ts";
import { paintLayers, SpriteShelf } from "../layer.ts";
import { illuminate } from "../light.ts";
import { blankPicture } from "../surface.ts";
import { measureVisibility } from "../visibility.ts";
import { PLACE_HEIGHT, PLACE_WIDTH } from "./places.ts";
import { type PlannedPicture, planDataset } from "./plan-dataset.ts";

export const DATASET_SEED = 1697;

/** Of what is hidden more than this, nothing can be learned: it gets no box. */
const LEAST_VISIBLE = 0.25;
const JPEG_QUALITY = 72;
const NOISE = 2.2;

/** One line of metadata.jsonl. Boxes are [left, top, width, height] in pixels. */
export interface DatasetLine {
  readonly file_name: string;
  readonly kind: "character" | "prop" | "unknown";
  readonly name: string;
  readonly scene: string;
  readonly light: string;
  readonly caption: string;
  readonly objects: { readonly bbox: readonly (readonly number[])[]; readonly categories: readonly string[] };
}

/**
 * Renders the sample show's data set into `dir` as an imagefolder: 640 x 480 JPEGs and metadata.jsonl. Same seed,
 * same pictures. Files of these names are replaced, others are left alone.
 * @returns the lines of metadata.jsonl.
 */
export async function writeSampleDataset(
  dir: string,
  { seed = DATASET_SEED }: { readonly seed?: number } = {},
): Promise<DatasetLine[]> {
  await mkdir(dir, { recursive: true });
  const sensor = new Sensor(seed);
  const lines: DatasetLine[] = [];
  for (const [index, planned] of planDataset(seed).entries()) {
    const { jpeg, line } = await renderPlanned(planned, { sensor, seed: seed + index });
    await writeFile(join(dir, planned.fileName), jpeg);
    lines.push(line);
  }
  await writeFile(join(dir, "metadata.jsonl"), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  return lines;
}

/** One picture of the data set with its line of metadata. */
export async function renderPlanned(
  { fileName, kind, name, scene, light, caption, layers }: PlannedPicture,
  { sensor, seed }: { readonly sensor: Sensor; readonly seed: number },
): Promise<{ jpeg: Buffer; line: DatasetLine }> {
  const picture = blankPicture(PLACE_WIDTH, PLACE_HEIGHT);
  // A shelf a picture: every picture has sizes of its own, so keeping the sprites would only fill memory.
  const view = { shelf: new SpriteShelf(), pixelsPerUnit: 1 };
  await paintLayers(picture, layers, view);
  illuminate(picture, light);
  const rgb = sensor.expose(picture, { strength: NOISE, seed });
  const jpeg = await encodeJpeg(rgb, { width: PLACE_WIDTH, height: PLACE_HEIGHT, quality: JPEG_QUALITY });
  const seen = (await measureVisibility(layers, { width: PLACE_WIDTH, height: PLACE_HEIGHT }, view)).filter(
    ({ visible }) => visible >= LEAST_VISIBLE,
  );
  const objects = {
    bbox: seen.map(({ box }) => [
      Math.round(box.left * PLACE_WIDTH),
      Math.round(box.top * PLACE_HEIGHT),
      Math.round((box.right - box.left) * PLACE_WIDTH),
      Math.round((box.bottom - box.top) * PLACE_HEIGHT),
    ]),
    categories: seen.map(({ label }) => label),
  };
  return { jpeg, line: { file_name: fileName, kind, name, scene, light: light.name, caption, objects } };
}
