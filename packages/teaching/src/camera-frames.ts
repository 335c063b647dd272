import { setTimeout as sleep } from "node:timers/promises";
import { decodePicture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import type { Frame } from "@followspot/schema/followspot/v1/frame";
import type { TeachFrame } from "./teach-session.ts";

export interface CameraFramesOptions {
  readonly cameraId: string;
  /** The newest frame, undefined where there was none within the last second. */
  readonly readNewest: (cameraId: string) => Promise<Frame | undefined>;
  /** What the camera says about itself, for the message where nothing comes. */
  readonly describeCamera: () => Promise<string>;
  readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 40;
/** A camera that is silent for so long will not come back by itself while somebody stands there with a puppet. */
const SILENT_MS = 8_000;
/** The understudy looks at pictures of this size. */
const LOOK_SIDE = 640;

/**
 * The frames of a camera of a running system, each once, newest first: what came while one was looked at is skipped.
 * Ends when the signal aborts.
 * @throws UserError where the camera sends nothing
 */
export async function* cameraFrames({
  cameraId,
  readNewest,
  describeCamera,
  signal,
}: CameraFramesOptions): AsyncGenerator<TeachFrame, void, undefined> {
  let last = "";
  let lastAtMs = performance.now();
  while (!signal.aborted) {
    const frame = await readNewest(cameraId);
    const stamp = frame?.header?.stamp;
    const key = `${stamp?.run}-${stamp?.sequence}`;
    if (frame && stamp && key !== last) {
      last = key;
      lastAtMs = performance.now();
      const picture = await decodePicture(frame.jpeg, { maxSide: LOOK_SIDE });
      yield { jpeg: frame.jpeg, picture, takenAtMs: stamp.capturedAtMs };
      continue;
    }
    if (performance.now() - lastAtMs > SILENT_MS) {
      throw new UserError(`the camera ${cameraId} sends no pictures: ${await describeCamera()}`);
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
