/** Cameras that push encoded pictures to ingest over a WebSocket each, as a phone does. */
import { once } from "node:events";
import { SeededRandom } from "@followspot/domain";
import { cameraId } from "../bench-show.ts";
import { renderPictures } from "../pictures.ts";
import { serveParent } from "./serve-parent.ts";
import { SteadyClockwork } from "./steady-clockwork.ts";

const PICTURES = 12;
/** A camera whose pictures pile up here is not 10 a second any more. */
const MAX_BUFFERED_BYTES = 1_000_000;

const seed = Number(process.env.SEED);
const pictures = await renderPictures(PICTURES, seed);
const sockets = new Map<number, WebSocket>();
let clockwork: SteadyClockwork | undefined;
let sent = 0;
let skipped = 0;

function push(camera: number, nth: number): void {
  const socket = sockets.get(camera);
  const picture = pictures[(nth + camera) % pictures.length];
  if (!picture || socket?.readyState !== WebSocket.OPEN || socket.bufferedAmount > MAX_BUFFERED_BYTES) {
    skipped += 1;
    return;
  }
  socket.send(picture as Buffer<ArrayBuffer>);
  sent += 1;
}

serveParent("cameras", {
  connect: async ({ url, cameras }: { url: string; cameras: number }) => {
    for (let camera = 0; camera < cameras; camera += 1) {
      const socket = new WebSocket(`${url}/cameras/${cameraId(camera)}/stream`);
      await once(socket, "open");
      sockets.set(camera, socket);
    }
  },
  run: ({ cameras, fps }: { cameras: number; fps: number }) => {
    clockwork?.stop();
    const nth = Array.from({ length: cameras }, () => 0);
    const random = new SeededRandom(seed);
    clockwork = new SteadyClockwork({
      cameras,
      fps,
      random,
      tick: (camera) => {
        nth[camera] = (nth[camera] ?? 0) + 1;
        push(camera, nth[camera] ?? 0);
      },
    });
  },
  stop: () => clockwork?.stop(),
  counts: () => ({ sent, skipped }),
});
