/**
 * Draws what the backbone is trained on: things that do not exist and places where they are not.
 *
 *   node draw-pool.ts OUT THINGS SHOTS GROUNDS
 *
 * writes things.bin (THINGS x SHOTS x 96 x 96 x 4 bytes: red, green, blue, cover), grounds.bin (GROUNDS x 128 x 128 x 3).
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { SeededRandom } from "@followspot/domain";
import { drawGround, GROUND_SIDE } from "./grounds.ts";
import { anyShot, render, SIDE } from "./render.ts";
import { drawThing } from "./things.ts";

interface Work {
  readonly out: string;
  readonly things: number;
  readonly shots: number;
  readonly grounds: number;
  readonly part: number;
  readonly parts: number;
}

const THING_BYTES = SIDE * SIDE * 4;
const GROUND_BYTES = GROUND_SIDE * GROUND_SIDE * 3;
/** Of four things two share a shape and two share their colours. */
const FAMILY = 4;

function drawPart({ out, things, shots, grounds, part, parts }: Work): void {
  const thingFile = openSync(join(out, "things.bin"), "r+");
  for (let thing = part; thing < things; thing += parts) {
    const family = Math.floor(thing / FAMILY);
    const shape = new SeededRandom(
      1 + family * 8 + (thing % FAMILY === 1 ? 1 : thing % FAMILY === 3 ? 3 : 0),
    );
    const paint = new SeededRandom(
      5 + family * 8 + (thing % FAMILY === 2 ? 1 : thing % FAMILY === 3 ? 2 : 0),
    );
    const cloud = drawThing(shape, paint);
    for (let shot = 0; shot < shots; shot++) {
      const picture = render(cloud, anyShot(new SeededRandom(thing * 1000 + shot + 7)));
      writeSync(thingFile, picture, 0, picture.length, (thing * shots + shot) * THING_BYTES);
    }
  }
  closeSync(thingFile);
  const groundFile = openSync(join(out, "grounds.bin"), "r+");
  for (let ground = part; ground < grounds; ground += parts) {
    const picture = drawGround(new SeededRandom(0x40000000 + ground));
    writeSync(groundFile, picture, 0, picture.length, ground * GROUND_BYTES);
  }
  closeSync(groundFile);
}

if (isMainThread) {
  const [out = "pool", things = "6000", shots = "12", grounds = "8000"] = process.argv.slice(2);
  mkdirSync(out, { recursive: true });
  for (const [name, bytes] of [
    ["things.bin", Number(things) * Number(shots) * THING_BYTES],
    ["grounds.bin", Number(grounds) * GROUND_BYTES],
  ] as const) {
    const file = openSync(join(out, name), "w");
    ftruncateSync(file, bytes);
    closeSync(file);
  }
  const parts = availableParallelism();
  for (let part = 0; part < parts; part++) {
    const work: Work = {
      out,
      things: Number(things),
      shots: Number(shots),
      grounds: Number(grounds),
      part,
      parts,
    };
    new Worker(new URL(import.meta.url), { workerData: work });
  }
} else {
  drawPart(workerData as Work);
}
