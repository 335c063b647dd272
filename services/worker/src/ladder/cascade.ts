import type { CascadeConfig } from "@followspot/show";
import type { Recognition } from "@followspot/triton";

/**
 * Why the vision-language model is asked about a frame that the understudy has answered.
 * - `entered`: a label has come above the presence threshold that was not there in the last second, and the model has
 *   said nothing of it yet.
 * - `unsure`: a score says neither yes nor no.
 * - `floor`: it was not asked about this camera for long.
 */
export const CASCADE_REASONS = ["entered", "unsure", "floor"] as const;
export type CascadeReason = (typeof CASCADE_REASONS)[number];

export interface CascadeOptions extends CascadeConfig {
  /** Presence's own threshold. */
  readonly enterScore: number;
}

type Seen = Pick<Recognition, "labels">;

/** A label that is lost for a moment does not enter again, and one that is lost for longer need not be checked any more. */
const REMEMBER_MS = 1_000;
/** More cameras than any show has. */
const MAX_CAMERAS = 1_000;

interface CameraMemory {
  /** When each label was last above the threshold. */
  readonly seenAtMs: Map<string, number>;
  /** Labels that have entered, and that the model has not been asked about since. */
  entered: Set<string>;
  /** When a question about them found no place. */
  turnedAwayAtMs: number;
  askedAtMs: number;
}

/** Decides which frames are worth the slow model. Has no clock. */
export class Cascade {
  readonly #options: CascadeOptions;
  readonly #cameras = new Map<string, CameraMemory>();

  constructor(options: CascadeOptions) {
    this.#options = options;
  }

  /** Takes note of what the understudy saw. */
  saw(cameraId: string, { labels }: Seen, atMs: number): void {
    const memory = this.#memoryOf(cameraId, atMs);
    for (const { label, score } of labels) {
      if (score < this.#options.enterScore) continue;
      if (!isRemembered(memory, label, atMs)) memory.entered.add(label);
      memory.seenAtMs.set(label, atMs);
    }
  }

  /** Why the model should be asked about a frame in which the understudy saw this; undefined: its answer is good enough. */
  reasonToAsk(cameraId: string, { labels }: Seen, atMs: number): CascadeReason | undefined {
    const { unsureBelow, floorMs } = this.#options;
    const memory = this.#memoryOf(cameraId, atMs);
    if (hasEntrances(memory, atMs)) return "entered";
    if (labels.some(({ score }) => score < unsureBelow && 1 - score < unsureBelow)) return "unsure";
    return atMs - memory.askedAtMs >= floorMs ? "floor" : undefined;
  }

  /** There was no place for a question about an entrance: the next one that is free is this camera's. */
  turnedAway(cameraId: string, atMs: number): void {
    this.#memoryOf(cameraId, atMs).turnedAwayAtMs = atMs;
  }

  /** How many cameras wait for a free place with an entrance. */
  turnedAwayLately(atMs: number): number {
    let cameras = 0;
    for (const memory of this.#cameras.values()) {
      if (atMs - memory.turnedAwayAtMs <= REMEMBER_MS && hasEntrances(memory, atMs)) cameras += 1;
    }
    return cameras;
  }

  /** It is asked. Returns what to call where it gives no answer: who has entered then is asked about again. */
  asked(cameraId: string, atMs: number): () => void {
    const memory = this.#memoryOf(cameraId, atMs);
    const { entered } = memory;
    memory.askedAtMs = atMs;
    memory.turnedAwayAtMs = -Infinity;
    memory.entered = new Set();
    return () => {
      for (const label of entered) memory.entered.add(label);
    };
  }

  #memoryOf(cameraId: string, atMs: number): CameraMemory {
    const known = this.#cameras.get(cameraId);
    if (known) return known;
    const [oldest] = this.#cameras.keys();
    if (this.#cameras.size >= MAX_CAMERAS && oldest !== undefined) this.#cameras.delete(oldest);
    const memory: CameraMemory = {
      seenAtMs: new Map(),
      entered: new Set(),
      turnedAwayAtMs: -Infinity,
      askedAtMs: atMs,
    };
    this.#cameras.set(cameraId, memory);
    return memory;
  }
}

function isRemembered({ seenAtMs }: CameraMemory, label: string, atMs: number): boolean {
  return atMs - (seenAtMs.get(label) ?? -Infinity) <= REMEMBER_MS;
}

/** Of labels that are still there. */
function hasEntrances(memory: CameraMemory, atMs: number): boolean {
  for (const label of memory.entered) if (!isRemembered(memory, label, atMs)) memory.entered.delete(label);
  return memory.entered.size > 0;
}

/**
 * One answer for one frame. Scores have one author: those of the vision-language model replace the understudy's, and so
 * does the name of who answered. Only a box that it gives to nobody is taken from the understudy.
 */
export function mergeAnswers(understudy: Recognition, vision: Recognition): Recognition {
  const boxes = new Map(understudy.labels.map(({ label, box }) => [label, box]));
  return {
    ...vision,
    labels: vision.labels.map((seen) => {
      const box = seen.box ?? boxes.get(seen.label);
      return box ? { ...seen, box } : seen;
    }),
  };
}
