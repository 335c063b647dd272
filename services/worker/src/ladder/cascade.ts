import type { CascadeConfig } from "@followspot/show";
import type { Recognition } from "@followspot/triton";

/**
 * Why the vision-language model is asked about a frame that the understudy has answered.
 * - `entered`: a label is above the presence threshold that was not in the last second.
 * - `unsure`: a score says neither yes nor no.
 * - `floor`: it was not asked about this camera for long.
 */
export const CASCADE_REASONS = ["entered", "unsure", "floor"] as const;
export type CascadeReason = (typeof CASCADE_REASONS)[number];

export interface CascadeOptions extends CascadeConfig {
  /** Presence's own threshold. */
  readonly enterScore: number;
}

/** A label that is lost for a moment does not enter again. */
const REMEMBER_MS = 1_000;
/** More cameras than any show has. */
const MAX_CAMERAS = 1_000;

interface CameraMemory {
  /** When each label was last above the threshold. */
  readonly seenAtMs: Map<string, number>;
  askedAtMs: number;
}

/** Decides which frames are worth the slow model. Has no clock. */
export class Cascade {
  readonly #options: CascadeOptions;
  readonly #cameras = new Map<string, CameraMemory>();

  constructor(options: CascadeOptions) {
    this.#options = options;
  }

  /** Takes note of what the understudy saw. Undefined: its answer is good enough. */
  reasonToAsk(
    cameraId: string,
    { labels }: Pick<Recognition, "labels">,
    atMs: number,
  ): CascadeReason | undefined {
    const { enterScore, unsureBelow, floorMs } = this.#options;
    const memory = this.#memoryOf(cameraId, atMs);
    let entered = false;
    let unsure = false;
    for (const { label, score } of labels) {
      if (score < unsureBelow && 1 - score < unsureBelow) unsure = true;
      if (score < enterScore) continue;
      if (atMs - (memory.seenAtMs.get(label) ?? -Infinity) > REMEMBER_MS) entered = true;
      memory.seenAtMs.set(label, atMs);
    }
    if (entered) return "entered";
    if (unsure) return "unsure";
    return atMs - memory.askedAtMs >= floorMs ? "floor" : undefined;
  }

  /** It has been asked. */
  asked(cameraId: string, atMs: number): void {
    this.#memoryOf(cameraId, atMs).askedAtMs = atMs;
  }

  #memoryOf(cameraId: string, atMs: number): CameraMemory {
    const known = this.#cameras.get(cameraId);
    if (known) return known;
    const [oldest] = this.#cameras.keys();
    if (this.#cameras.size >= MAX_CAMERAS && oldest !== undefined) this.#cameras.delete(oldest);
    const memory = { seenAtMs: new Map<string, number>(), askedAtMs: atMs };
    this.#cameras.set(cameraId, memory);
    return memory;
  }
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
