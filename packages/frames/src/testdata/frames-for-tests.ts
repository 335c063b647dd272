import { create } from "@bufbuild/protobuf";
import { ProgressWatchdog } from "@followspot/runtime";
import { type FrameHeader, FrameHeaderSchema } from "@followspot/schema/followspot/v1/frame";
import { silentLog } from "@followspot/testkit";
import { FrameConsumer, type FrameConsumerOptions, type FrameHandler, type TokenDropReason } from "../index.ts";

export const SHOW = "test-show";

/** A header of a frame of the camera `stage`, taken now by this process's clock. */
export function header(sequence: number, overrides: { run?: number; cameraId?: string; capturedAtMs?: number } = {}): FrameHeader {
  const { run = 1, cameraId = "stage", capturedAtMs = Date.now() } = overrides;
  return create(FrameHeaderSchema, { stamp: { cameraId, run, sequence, capturedAtMs }, width: 4, height: 3 });
}

export const JPEG = Buffer.from([0xff, 0xd8, 0x00, 0x80, 0xff, 0xd9]);

/** A consumer with the settings of a patient test, and what it dropped. */
export function consumer(redisUrl: string, handle: FrameHandler, overrides: Partial<FrameConsumerOptions> = {}) {
  const dropped: TokenDropReason[] = [];
  const frames = new FrameConsumer(handle, {
    redisUrl,
    showId: SHOW,
    concurrency: 2,
    drainMs: 2_000,
    // Tests of age set their own clock; the others must not depend on how fast this machine is.
    frameMaxAgeMs: 60_000,
    nowMs: Date.now,
    log: silentLog(),
    onDropped: (reason) => dropped.push(reason),
    watchdog: new ProgressWatchdog(60_000),
    ...overrides,
  });
  return { frames, dropped };
}
