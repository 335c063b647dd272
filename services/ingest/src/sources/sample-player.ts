/** Plays the sample show to standard output as multipart JPEG, in real time. Started by the source `sample`. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { DURATION_MS, renderFrame } from "@followspot/sample-show";

const HEIGHT_BY_WIDTH = 9 / 16;

const { fps, width, loop } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly fps: number;
  readonly width: number;
  readonly loop: boolean;
};
const size = { width, height: Math.round(width * HEIGHT_BY_WIDTH) };
const startedMs = performance.now();

// Nobody reads any more: ingest is gone, however it went.
process.stdout.on("error", () => process.exit(0));

for (let frame = 0; ; frame += 1) {
  const dueMs = startedMs + (frame * 1_000) / fps;
  const nowMs = performance.now();
  if (nowMs < dueMs) await sleep(dueMs - nowMs);
  // Too slow for this frame: the show goes on in real time, as it would on a stage.
  else if (nowMs - dueMs > 1_000 / fps) frame = Math.floor(((nowMs - startedMs) * fps) / 1_000);
  const showMs = (frame * 1_000) / fps;
  if (!loop && showMs >= DURATION_MS) break;
  const jpeg = await renderFrame(showMs % DURATION_MS, size);
  const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
  process.stdout.write(head);
  process.stdout.write(jpeg);
  if (!process.stdout.write("\r\n")) await once(process.stdout, "drain");
}
