/**
 * The understudy in a process of its own, without anything that serves or renders: what it costs is all recognition's.
 * Answers the bench about times, memory and training.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Box, decodePicture, scaleBox } from "@followspot/dataset";
import {
  embedCrop,
  LOOK_SIDE,
  loadCurrentModel,
  proposeBoxes,
  type Recognizer,
  recognizeCrop,
  recognizePixels,
  trainShow,
} from "@followspot/recognition";
import { cutOut } from "../recognize/cut-out.ts";
import { serveParent } from "./serve-parent.ts";

/** A picture to look at: a file, and the boxes of whoever is in it in pixels of the upright picture, if known. */
export interface PictureToLookAt {
  readonly file: string;
  readonly boxes: readonly Box[] | undefined;
}

export interface LoadedModel {
  readonly version: string;
  readonly labels: number;
  readonly bytes: number;
}

/** Times in milliseconds, sides in pixels. */
export interface LookCost {
  readonly side: number;
  readonly decodeMs: number;
  readonly frameMs: number;
  readonly crops: readonly { readonly side: number; readonly cropMs: number; readonly embedMs: number }[];
  /** CPU and wall time of looking, decoding left out. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface TrainingCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMb: number;
  readonly modelBytes: number;
  readonly top1?: number;
}

export interface MemoryUse {
  readonly rssMb: number;
  readonly peakMb: number;
}

let recognizer: Recognizer | undefined;

serveParent("recognizing", {
  memory,
  load: async ({ showDir }: { showDir: string }): Promise<LoadedModel> => {
    const stored = await loadCurrentModel(join(showDir, "models"));
    recognizer = stored;
    const bytes = await modelBytes(showDir, stored.version);
    return { version: stored.version, labels: stored.model.labels.length, bytes };
  },
  look: (picture: PictureToLookAt) => look(picture),
  train: ({ showDir, seed }: { showDir: string; seed: number }) => train(showDir, seed),
});

async function look({ file, boxes }: PictureToLookAt): Promise<LookCost> {
  if (!recognizer) throw new Error("no model is loaded");
  const understudy = recognizer;
  const bytes = await readFile(file);
  const [picture, decodeMs] = await timedAsync(() => decodePicture(bytes, { maxSide: LOOK_SIDE }));
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const [, frameMs] = await timedAsync(() => recognizePixels(understudy, picture));
  const factor = picture.width / picture.sourceWidth;
  const subjects =
    boxes?.map((box) => scaleBox(box, factor)) ?? proposeBoxes(picture, 1).map(({ box }) => box);
  const crops: { side: number; cropMs: number; embedMs: number }[] = [];
  for (const box of subjects) {
    const crop = cutOut(picture, box);
    if (!crop) continue;
    const [, cropMs] = await timedAsync(() => recognizeCrop(understudy, crop, wholeOf(crop)));
    const [, embedMs] = timed(() => embedCrop(picture, box));
    crops.push({ side: Math.max(crop.width, crop.height), cropMs, embedMs });
  }
  const wallMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const side = Math.max(picture.width, picture.height);
  return { side, decodeMs, frameMs, crops, cpuMs: (user + system) / 1_000, wallMs };
}

async function train(showDir: string, seed: number): Promise<TrainingCost> {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  await trainShow({ showDir, seed });
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { model: trained, version } = await loadCurrentModel(join(showDir, "models"));
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakRssMb: memory().peakMb,
    modelBytes: await modelBytes(showDir, version),
    ...(trained.accuracy ? { top1: trained.accuracy.top1 } : {}),
  };
}

async function modelBytes(showDir: string, version: string): Promise<number> {
  return (await stat(join(showDir, "models", `understudy-${version}.fsm`))).size;
}

function memory(): MemoryUse {
  // maxRSS is in kilobytes on every system (libuv).
  return { rssMb: process.memoryUsage.rss() / 1_048_576, peakMb: process.resourceUsage().maxRSS / 1_024 };
}

function wholeOf({ width, height }: { readonly width: number; readonly height: number }): Box {
  return { left: 0, top: 0, width, height };
}

function timed<T>(work: () => T): [result: T, ms: number] {
  const startedMs = performance.now();
  const result = work();
  return [result, performance.now() - startedMs];
}

async function timedAsync<T>(work: () => Promise<T>): Promise<[result: T, ms: number]> {
  const startedMs = performance.now();
  const result = await work();
  return [result, performance.now() - startedMs];
}
