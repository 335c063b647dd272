import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { decodePicture, differenceHash } from "@followspot/dataset";
import type { CastMember } from "@followspot/domain";
import sharp from "sharp";
import type { KeptFrame } from "../keep/kept-frame.ts";

export const CAST: readonly CastMember[] = ["wolf", "red", "axe"].map((id) => ({
  id,
  kind: id === "axe" ? "prop" : "character",
  name: `The ${id}`,
  aliases: [],
  description: "",
}));

export const DAY = "2026-05-02";
const EVENING_MS = new Date(2026, 4, 2, 20).getTime();
const WIDTH = 320;
const HEIGHT = 180;
const BOX = { left: 60, top: 40, width: 80, height: 110 };

const COLOURS: Readonly<Record<string, string>> = { wolf: "#6e6e78", red: "#be1e28", axe: "#966432", fox: "#e08030" };
const WALLS = ["#c8bca0", "#7a95a8", "#8aa878"];

/** A puppet of one colour with a stripe, before one of three walls; another turn, another shade and place. */
export async function paint(who: string, turn = 0): Promise<Uint8Array> {
  const { left, top, width, height } = boxOf(turn);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="${WALLS[turn % WALLS.length]}"/>
    <rect y="${120 + (turn % 5) * 6}" width="100%" height="60" fill="#555"/>
    <ellipse cx="${left + width / 2}" cy="${top + height / 2}" rx="${width / 2}" ry="${height / 2}" fill="${COLOURS[who] ?? "none"}"/>
    <rect x="${left + 12}" y="${top + 20 + ((turn * 7) % 40)}" width="${width - 24}" height="12" fill="${COLOURS[who] ? "#ffe" : "none"}"/>
  </svg>`;
  return await sharp(Buffer.from(svg)).jpeg({ quality: 92 }).toBuffer();
}

function boxOf(turn: number) {
  return { ...BOX, left: BOX.left + (turn % 7) * 14 };
}

export interface Kept {
  readonly who: string;
  readonly turn: number;
  readonly guess?: string;
  readonly confidence?: number;
  readonly reason?: KeptFrame["reason"];
  readonly box?: false;
}

export interface ReviewShowOptions {
  readonly kept: readonly Kept[];
  /** Turns of each of the cast in the data set. */
  readonly turns?: number;
  /** Lines to put at the end of metadata.jsonl, with their pictures. */
  readonly golden?: readonly { readonly who: string; readonly turn: number; readonly scene: string }[];
}

/** A show folder with a data set and with frames that were kept during a show. */
export async function reviewShow(
  context: Pick<TestContext, "after">,
  { kept, turns = 3, golden = [] }: ReviewShowOptions,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-review-show-"));
  context.after(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, "dataset"));
  const lines: object[] = [];
  const add = async (file: string, who: string, turn: number, more: object) => {
    await writeFile(join(dir, "dataset", file), await paint(who, turn));
    const { left, top, width, height } = boxOf(turn);
    const kind = CAST.find(({ id }) => id === who)?.kind;
    lines.push({ file_name: file, kind, name: who, objects: { bbox: [[left, top, width, height]], categories: [who] }, ...more });
  };
  for (const { id } of CAST) {
    for (let turn = 0; turn < turns; turn++) await add(`${id}-${turn}.jpg`, id, turn, { scene: `place-${turn % 3}` });
  }
  for (const { who, turn, scene } of golden) {
    await add(`golden-${who}-${turn}.jpg`, who, turn, { scene, split: "golden" });
  }
  await writeFile(join(dir, "dataset/metadata.jsonl"), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  await keep(join(dir, "recordings/review", DAY), kept);
  return dir;
}

async function keep(dir: string, frames: readonly Kept[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  const lines: string[] = [];
  for (const [at, { who, turn, guess = who, confidence = 0.5, reason = "near-threshold", box }] of frames.entries()) {
    const id = `stage-${EVENING_MS + at * 1_000}-${at}`;
    const jpeg = await paint(who, turn);
    await writeFile(join(dir, `${id}.jpg`), jpeg);
    const frame: KeptFrame = {
      id,
      file: `${id}.jpg`,
      reason,
      guess,
      confidence,
      ...(box === false ? {} : { box: boxOf(turn) }),
      show: "test-show",
      camera: "stage",
      capturedAtMs: EVENING_MS + at * 1_000,
      width: WIDTH,
      height: HEIGHT,
      light: 0.5,
      labels: CAST.map((member) => ({ label: member.id, score: member.id === guess ? confidence : 0.1 })),
      unknown: 0.1,
      recognizer: { name: "understudy", version: "0123456789ab", rung: "understudy" },
      hash: differenceHash(await decodePicture(jpeg)),
    };
    lines.push(JSON.stringify(frame));
  }
  await writeFile(join(dir, "kept.jsonl"), `${lines.join("\n")}\n`);
}
