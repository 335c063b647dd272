import type { TestContext } from "node:test";
import { create } from "@bufbuild/protobuf";
import { FramePublisher } from "@followspot/frames";
import { FIRST_ID, ObservationReader } from "@followspot/observations";
import { RedisClock, RedisConnection } from "@followspot/runtime";
import { FrameHeaderSchema, type FrameStamp, FrameStampSchema } from "@followspot/schema/followspot/v1/frame";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { silentLog } from "@followspot/testkit";
import { SHOW } from "./worker-process.ts";

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);

/** Both ends of the live path: a camera that sends frames, and everything that was observed, in order. */
export class LivePath {
  readonly observed: Observation[] = [];
  readonly ids: string[] = [];
  readonly #publisher: FramePublisher;
  readonly #clock: RedisClock;
  readonly #next = new Map<string, { run: number; sequence: number }>();

  private constructor(publisher: FramePublisher, clock: RedisClock) {
    this.#publisher = publisher;
    this.#clock = clock;
  }

  static async open(context: Pick<TestContext, "after">, redisUrl: string): Promise<LivePath> {
    const options = { redisUrl, showId: SHOW, log: silentLog() };
    const connection = await RedisConnection.connect(redisUrl, "live", options.log);
    const clock = await RedisClock.connect(connection.client);
    // What is asserted must not depend on how fast this machine is.
    const publisher = await FramePublisher.connect({ ...options, frameKeepMs: 20_000 });
    const reader = await ObservationReader.connect(options);
    const path = new LivePath(publisher, clock);
    const reading = path.#follow(reader);
    context.after(async () => {
      await reader.close();
      await reading;
      await publisher.close();
      await clock.close();
      await connection.close();
    });
    return path;
  }

  /** Sends the next frame of a camera and returns its sequence. @throws FrameDropped */
  async send(cameraId = "stage", jpeg: Uint8Array = JPEG): Promise<number> {
    return (await this.sendStamped(cameraId, jpeg)).sequence;
  }

  /** As `send`, and returns the frame's whole stamp. @throws FrameDropped */
  async sendStamped(cameraId = "stage", jpeg: Uint8Array = JPEG): Promise<FrameStamp> {
    const place = this.#next.get(cameraId) ?? { run: await this.#publisher.openCamera(cameraId), sequence: 0 };
    place.sequence += 1;
    this.#next.set(cameraId, place);
    const stamp = create(FrameStampSchema, { cameraId, ...place, capturedAtMs: this.#clock.nowMs() });
    await this.#publisher.publish(create(FrameHeaderSchema, { stamp, width: 640, height: 480, light: 0.5 }), jpeg);
    return stamp;
  }

  /** The sequences that were observed of a camera, in the order of their publication. */
  sequences(cameraId = "stage"): number[] {
    return this.observed.flatMap(({ frame }) => (frame?.cameraId === cameraId ? [frame.sequence] : []));
  }

  async #follow(reader: ObservationReader): Promise<void> {
    for await (const { id, observation } of reader.read(FIRST_ID, new AbortController().signal)) {
      this.ids.push(id);
      this.observed.push(observation);
    }
  }
}
