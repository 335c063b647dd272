import type { FrameHeader } from "@followspot/schema/followspot/v1/frame";

/** Where frames go. Stands between the frame path and Redis, which may be away. */
export interface FrameSink {
  /** The one clock; undefined as long as it could never be read. */
  nowMs(): number | undefined;
  /** Takes the number of a new run of a camera. @throws Error without Redis. */
  openCamera(cameraId: string): Promise<number>;
  /** @throws FrameDropped */
  publish(header: FrameHeader, jpeg: Uint8Array): Promise<void>;
}
