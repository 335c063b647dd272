import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { FramePublisher } from "@followspot/frames";
import { freePort, PrivateRedis } from "@followspot/redis-server";
import { FrameHeaderSchema } from "@followspot/schema/followspot/v1/frame";
import { silentLog } from "@followspot/testkit";
import sharp from "sharp";
import { ResultsStandIn } from "./results-stand-in.ts";

const CONSOLE = fileURLToPath(new URL("../../services/console/src/main.ts", import.meta.url));

export const CAST = `
  - { id: red, kind: character, name: Little Red Riding Hood }
  - { id: wolf, kind: character, name: Wolf }
  - { id: grandmother, kind: character, name: Grandmother }
  - { id: mother, kind: character, name: Mother }
  - { id: woodcutter, kind: character, name: Woodcutter }
  - { id: basket, kind: prop, name: Basket }
  - { id: axe, kind: prop, name: Axe }
  - { id: bed, kind: prop, name: Bed }
  - { id: flowers, kind: prop, name: Flowers }
  - { id: cake, kind: prop, name: Cake }
`;

export interface StageOptions {
  readonly cameras?: string;
  readonly tokens?: string;
  readonly resultsUrl?: string;
  readonly ingestUrl?: string;
}

/** A console as it runs, on a private Redis, with pictures and results that the test makes. */
export class StageForConsole implements AsyncDisposable {
  readonly url: string;
  readonly redis: PrivateRedis;
  readonly results: ResultsStandIn;
  readonly #console: ChildProcess;
  readonly #publisher: FramePublisher;
  readonly #dir: string;
  #sequence = 0;
  #run: number | undefined;

  private constructor(parts: {
    readonly url: string;
    readonly redis: PrivateRedis;
    readonly results: ResultsStandIn;
    readonly console: ChildProcess;
    readonly publisher: FramePublisher;
    readonly dir: string;
  }) {
    this.url = parts.url;
    this.redis = parts.redis;
    this.results = parts.results;
    this.#console = parts.console;
    this.#publisher = parts.publisher;
    this.#dir = parts.dir;
  }

  static async start(options: StageOptions = {}): Promise<StageForConsole> {
    const cameras = options.cameras ?? "\n  - { id: stage, source: 'push:' }\n";
    const dir = await mkdtemp(join(tmpdir(), "followspot-console-"));
    await writeFile(
      join(dir, "show.yaml"),
      `id: red-hood\nname: Little Red Riding Hood\ncast:${CAST}cameras:${cameras}`,
    );
    const redis = await PrivateRedis.start();
    const results = await ResultsStandIn.start();
    const port = await freePort();
    const console = fork(CONSOLE, {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: {
        ...process.env,
        REDIS_URL: redis.url,
        FOLLOWSPOT_SHOW: dir,
        HOST: "127.0.0.1",
        PORT: String(port),
        RESULTS_URL: options.resultsUrl ?? results.url,
        INGEST_URL: options.ingestUrl ?? "http://127.0.0.1:9",
        FOLLOWSPOT_TOKENS: options.tokens ?? "",
        LOG_LEVEL: "warn",
      },
    });
    await Promise.race([
      once(console, "message"),
      once(console, "exit").then(() => {
        throw new Error("the console ended while starting");
      }),
    ]);
    const publisher = await FramePublisher.connect({
      redisUrl: redis.url,
      showId: "red-hood",
      log: silentLog(),
    });
    return new StageForConsole({ url: `http://127.0.0.1:${port}/`, redis, results, console, publisher, dir });
  }

  /** Publishes a picture as ingest does; returns its stamp. `light` is the mean luma, 0 to 1. */
  async showPicture(
    options: { readonly light?: number; readonly jpeg?: Uint8Array; readonly cameraId?: string } = {},
  ) {
    const { light = 0.5, cameraId = "stage" } = options;
    const jpeg = options.jpeg ?? (await plainPicture(light));
    this.#run ??= await this.#publisher.openCamera(cameraId);
    this.#sequence += 1;
    const stamp = { cameraId, run: this.#run, sequence: this.#sequence, capturedAtMs: Date.now() };
    const { width, height } = await sharp(jpeg).metadata();
    await this.#publisher.publish(create(FrameHeaderSchema, { stamp, width, height, light }), jpeg);
    return { ...stamp, width, height };
  }

  /** Hangs the console with its sockets open, until `resume`. */
  pause(): void {
    this.#console.kill("SIGSTOP");
  }

  resume(): void {
    this.#console.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    const ended = this.#console.exitCode === null ? once(this.#console, "exit") : undefined;
    this.#console.kill("SIGTERM");
    await ended;
    await this.#publisher.close();
    await this.results.close();
    await this.redis.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

async function plainPicture(light: number): Promise<Uint8Array> {
  const level = Math.round(light * 255);
  const background = { r: level, g: Math.round(level * 0.8), b: Math.round(level * 0.6) };
  return sharp({ create: { width: 640, height: 360, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
