import { type SeededRandom, UNKNOWN_LABEL } from "@followspot/domain";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { type KeepReason, NOBODY } from "./kept-frame.ts";

/** Why a frame is worth a person's look after the show, and which question it poses. */
export interface Interest {
  readonly reason: KeepReason;
  /** A cast id, "unknown", or "nobody". */
  readonly guess: string;
  /** 0 to 1. */
  readonly confidence: number;
}

export interface InterestOptions {
  /** A calibrated score within this distance of .5 is unsure. */
  readonly margin: number;
  /** Share of all frames that is kept whatever they show, 0 to 1. */
  readonly randomShare: number;
  readonly random: SeededRandom;
}

export const INTEREST_DEFAULTS = { margin: 0.15, randomShare: 0.002 } as const;

/** From which calibrated score on a label is believed. */
const BELIEVED = 0.5;
/** Frames, and milliseconds of capture time, that votes are compared over. */
const VOTES = 8;
const VOTES_MS = 3_000;
/** How often belief must change among those to be disagreement: an entrance changes it once, a short turn twice. */
const LEAST_FLIPS = 3;
const UNKNOWN_FOR_MS = 1_000;
/** Below this mean luma a picture says nothing about anybody, as the presence filter has it. */
const DARK_BELOW = 0.03;
/** Cameras that are remembered; a show has a handful. */
const MAX_CAMERAS = 256;

interface CameraMemory {
  votes: { readonly atMs: number; readonly believed: ReadonlySet<string> }[];
  unknownSinceMs: number | undefined;
}

/** Looks at the observations of all cameras as they pass, in a few microseconds each. */
export class InterestWatch {
  readonly #options: InterestOptions;
  readonly #cameras = new Map<string, CameraMemory>();

  constructor(options: InterestOptions) {
    this.#options = options;
  }

  /** Undefined where the frame is like any other. Observations of a camera come in the order of their capture. */
  judge({ frame, labels, unknown, light }: Observation): Interest | undefined {
    if (!frame) return undefined;
    const memory = this.#memoryOf(frame.cameraId);
    if (light < DARK_BELOW) {
      // After a blackout another picture begins.
      memory.votes = [];
      memory.unknownSinceMs = undefined;
      return undefined;
    }
    const atMs = frame.capturedAtMs;
    const believed = new Set(labels.flatMap(({ label, score }) => (score >= BELIEVED ? [label] : [])));
    memory.votes = [...memory.votes, { atMs, believed }]
      .filter((vote) => atMs - vote.atMs <= VOTES_MS && vote.atMs <= atMs)
      .slice(-VOTES);
    memory.unknownSinceMs = unknown >= BELIEVED ? (memory.unknownSinceMs ?? atMs) : undefined;

    const scores = new Map(labels.map(({ label, score }) => [label, score]));
    const flipping = mostFlips(memory.votes);
    if (flipping) return { reason: "flip", guess: flipping, confidence: scores.get(flipping) ?? 0 };
    const unsure = labels
      .filter(({ score }) => Math.abs(score - BELIEVED) <= this.#options.margin)
      .sort((a, b) => Math.abs(a.score - BELIEVED) - Math.abs(b.score - BELIEVED))[0];
    if (unsure) return { reason: "near-threshold", guess: unsure.label, confidence: unsure.score };
    if (memory.unknownSinceMs !== undefined && atMs - memory.unknownSinceMs >= UNKNOWN_FOR_MS) {
      return { reason: "unknown", guess: UNKNOWN_LABEL, confidence: unknown };
    }
    return this.#options.random.chance(this.#options.randomShare) ? this.#anyOf(scores, unknown) : undefined;
  }

  /** One of those who are believed to be there, or that nobody is. */
  #anyOf(scores: ReadonlyMap<string, number>, unknown: number): Interest {
    const believed = [...scores].filter(([, score]) => score >= BELIEVED);
    if (unknown >= BELIEVED) believed.push([UNKNOWN_LABEL, unknown]);
    const chosen = believed[this.#options.random.below(Math.max(1, believed.length))];
    if (chosen) return { reason: "random", guess: chosen[0], confidence: chosen[1] };
    const highest = Math.max(0, unknown, ...scores.values());
    return { reason: "random", guess: NOBODY, confidence: 1 - highest };
  }

  #memoryOf(camera: string): CameraMemory {
    const known = this.#cameras.get(camera);
    if (known) return known;
    const [oldest] = this.#cameras.keys();
    if (oldest !== undefined && this.#cameras.size >= MAX_CAMERAS) this.#cameras.delete(oldest);
    const memory: CameraMemory = { votes: [], unknownSinceMs: undefined };
    this.#cameras.set(camera, memory);
    return memory;
  }
}

/** The label that belief changes about most often, where that is often enough. */
function mostFlips(votes: CameraMemory["votes"]): string | undefined {
  const flips = new Map<string, number>();
  for (const [at, { believed }] of votes.entries()) {
    const before = votes[at - 1]?.believed;
    if (!before) continue;
    for (const label of [...believed, ...before]) {
      if (believed.has(label) !== before.has(label)) flips.set(label, (flips.get(label) ?? 0) + 1);
    }
  }
  const [most] = [...flips].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most && most[1] >= LEAST_FLIPS ? most[0] : undefined;
}
