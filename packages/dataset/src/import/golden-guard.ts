import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import type { PictureEntry } from "../metadata-line.ts";
import { decodePicture } from "../picture.ts";
import { isNearDuplicate, type PictureTrace, tracePicture } from "../picture-trace.ts";

/** Enough to take a trace from, and small enough that a photograph is decoded at an eighth of its size. */
const TRACE_SIDE = 256;

interface GoldenTrace {
  readonly fileName: string;
  readonly trace: PictureTrace;
}

/**
 * The golden pictures that a data set had before an import. What shows the same as one of them, or is of its scene,
 * must not be learnt from either: whoever has learnt it has seen what he is judged by.
 */
export class GoldenGuard {
  readonly #scenes: ReadonlySet<string>;
  readonly #traces: readonly GoldenTrace[];

  private constructor(golden: readonly PictureEntry[], traces: readonly GoldenTrace[]) {
    this.#scenes = new Set(golden.flatMap(({ scene }) => scene ?? []));
    this.#traces = traces;
  }

  static async open(datasetDir: string, golden: readonly PictureEntry[]): Promise<GoldenGuard> {
    const traces = [];
    for (const { fileName } of golden) {
      const trace = await traceOf(join(datasetDir, fileName));
      if (trace) traces.push({ fileName, trace });
    }
    return new GoldenGuard(golden, traces);
  }

  /** @returns why the picture is golden too, as half a sentence; undefined where it is not. */
  async reasonFor(bytes: Uint8Array, scene: string | undefined): Promise<string | undefined> {
    if (scene !== undefined && this.#scenes.has(scene)) {
      return `is of scene "${scene}", of which a golden picture is: it is golden too`;
    }
    if (this.#traces.length === 0) return undefined;
    const trace = tracePicture(await decodePicture(bytes, { maxSide: TRACE_SIDE }));
    const twin = this.#traces.find((golden) => isNearDuplicate(golden.trace, trace));
    return twin && `may be one shot with the golden ${twin.fileName}: it is golden too`;
  }
}

/** Undefined where there is no such picture any more: that is for a check to tell. */
async function traceOf(path: string): Promise<PictureTrace | undefined> {
  try {
    return tracePicture(await decodePicture(await readFile(path), { maxSide: TRACE_SIDE }));
  } catch (error) {
    if (error instanceof UserError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
