/** Many cameras without ingest: encoded pictures go straight onto the wire of packages/frames, stamped with Redis time. */
import { SeededRandom } from "@followspot/domain";
import { create } from "@bufbuild/protobuf";
import { FrameDropped, FramePublisher } from "@followspot/frames";
import { createLogger, RedisClock, RedisConnection } from "@followspot/runtime";
import { FrameHeaderSchema } from "@followspot/schema/followspot/v1/frame";
import { BENCH_SHOW_ID, cameraId } from "../bench-show.ts";
import { renderPictures } from "../pictures.ts";
import { serveParent } from "./serve-parent.ts";
import { SteadyClockwork } from "./steady-clockwork.ts";

const PICTURES = 12;

const seed = Number(process.env.SEED);
const redisUrl = process.env.REDIS_URL ?? "";
const log = createLogger("bench-cameras");
const pictures = await renderPictures(PICTURES, seed);
const publisher = await FramePublisher.connect({ redisUrl, showId: BENCH_SHOW_ID, log });
const { nowMs } = await RedisClock.connect((await RedisConnection.connect(redisUrl, "live", log)).client);

let clockwork: SteadyClockwork | undefined;
let published = 0;
const drops: Record<string, number> = {};

async function publish(camera: { readonly id: string; readonly run: number }, sequence: number) {
  const picture = pictures[sequence % pictures.length];
  if (!picture) throw new Error("there are no pictures");
  const stamp = { cameraId: camera.id, run: camera.run, sequence, capturedAtMs: nowMs() };
  const size = { width: 640, height: 360, sourceWidth: 640, sourceHeight: 360 };
  try {
    await publisher.publish(create(FrameHeaderSchema, { stamp, ...size, light: 0.5 }), picture);
    published += 1;
  } catch (error) {
    if (!(error instanceof FrameDropped)) throw error;
    drops[error.reason] = (drops[error.reason] ?? 0) + 1;
  }
}

serveParent("cameras", {
  run: async ({ cameras, fps }: { cameras: number; fps: number }) => {
    clockwork?.stop();
    const opened = await Promise.all(
      Array.from({ length: cameras }, async (_, index) => {
        const id = cameraId(index);
        return { id, run: await publisher.openCamera(id), sequence: 0 };
      }),
    );
    const random = new SeededRandom(seed);
    clockwork = new SteadyClockwork({
      cameras,
      fps,
      random,
      tick: (index) => {
        const camera = opened[index];
        if (camera) void publish(camera, ++camera.sequence);
      },
    });
  },
  stop: () => clockwork?.stop(),
  counts: () => ({ published, drops }),
});
