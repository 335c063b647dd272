import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Closable } from "@followspot/runtime";

export const BENCH_SHOW_ID = "bench";
const CAST = 10;

/** The id of the camera at `index`, from 0. */
export function cameraId(index: number): string {
  return `camera-${index + 1}`;
}

/** A show folder in a temporary place: ten labels, cameras that take pushed pictures. Closing removes it. */
export class BenchShow implements Closable {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  /** Neither rate limit nor change gate keep back a picture of `fps` a second. */
  static async write({
    cameras,
    fps,
    recognizer = {},
  }: {
    readonly cameras: number;
    readonly fps: number;
    /** As in show.yaml. */
    readonly recognizer?: object;
  }): Promise<BenchShow> {
    const dir = await mkdtemp(join(tmpdir(), "followspot-bench-"));
    const show = {
      id: BENCH_SHOW_ID,
      name: "Bench",
      cast: Array.from({ length: CAST }, (_, index) => ({
        id: `label-${index + 1}`,
        kind: "character",
        name: `Label ${index + 1}`,
      })),
      cameras: Array.from({ length: cameras }, (_, index) => ({
        id: cameraId(index),
        source: "push:",
        fps: fps * 2,
        floorFps: fps * 2,
      })),
      recognizer,
    };
    // JSON is YAML.
    await writeFile(join(dir, "show.yaml"), JSON.stringify(show, undefined, 2));
    return new BenchShow(dir);
  }

  async close(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}
