import { FrameDropped, type FrameDropReason } from "@followspot/frames";
import type { CameraStatus, FrameHeader } from "@followspot/schema/followspot/v1/frame";
import type { FrameSink } from "../frame-sink.ts";

/** Keeps what was published; can be away, slow, or stuck. */
export class FakeSink implements FrameSink {
  readonly published: { readonly header: FrameHeader; readonly jpeg: Uint8Array }[] = [];
  readonly reports: CameraStatus[] = [];
  runs = 0;
  reachable = true;
  refuses: FrameDropReason | undefined;
  /** While set, publishing waits for it. */
  gate: Promise<void> | undefined;

  readonly nowMs = (): number | undefined => (this.reachable ? performance.now() : undefined);

  readonly reportNowMs = (): number => performance.now();

  async openCamera(): Promise<number> {
    if (this.refuses) throw new Error("no connection");
    this.runs += 1;
    return this.runs;
  }

  async publish(header: FrameHeader, jpeg: Uint8Array): Promise<void> {
    await this.gate;
    if (this.refuses) throw new FrameDropped(this.refuses);
    this.published.push({ header, jpeg });
  }

  async report(status: CameraStatus): Promise<void> {
    this.reports.push(status);
  }
}
