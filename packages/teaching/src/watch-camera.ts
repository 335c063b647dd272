import { FrameReader, CameraStatusBoard } from "@followspot/frames";
import { Closer, type Logger } from "@followspot/runtime";
import { cameraFrames } from "./camera-frames.ts";
import type { Offered, TeachSession, TeachState } from "./teach-session.ts";

export interface WatchCameraOptions {
  readonly session: TeachSession;
  readonly cameraId: string;
  readonly showId: string;
  readonly redisUrl: string;
  readonly log: Logger;
  /** Ends the watching: time is up, or Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onOffered?: (offered: Offered, state: TeachState) => void;
}

/**
 * Offers a running camera's frames to the session until it has enough or the signal aborts.
 * @throws UserError where the camera sends nothing, Error where Redis is away
 */
export async function watchCamera({
  session,
  cameraId,
  showId,
  redisUrl,
  log,
  signal,
  onOffered,
}: WatchCameraOptions): Promise<void> {
  const closer = new Closer();
  try {
    const reader = closer.add("frame reader", await FrameReader.connect({ redisUrl, showId, log }));
    const board = closer.add("camera board", await CameraStatusBoard.connect({ redisUrl, showId, log }));
    const frames = cameraFrames({
      cameraId,
      readNewest: (id) => reader.newest(id),
      describeCamera: async () => {
        const status = (await board.readAll()).find((entry) => entry.cameraId === cameraId);
        return status?.detail || "see the console's page for its state";
      },
      signal,
    });
    for await (const frame of frames) {
      const offered = session.offer(frame);
      onOffered?.(offered, session.state);
      if (session.state.phase === "enough") return;
    }
  } finally {
    await closer.close();
  }
}
