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

type Service = "console" | "results" | "ingest";

function mainOf(service: Service): string {
  return fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
}

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
  /** The results service as it runs, instead of the stand-in. */
  readonly realResults?: boolean;
  /** The ingest service as it runs; without it, nobody takes pictures from the page. */
  readonly realIngest?: boolean;
}

/** A console as it runs, on a private Redis, with pictures and results that the test makes. */
export class StageForConsole implements AsyncDisposable {
  readonly url: string;
  readonly redis: PrivateRedis;
  readonly results: ResultsStandIn;
  readonly #console: ChildProcess;
  readonly #ingest: ChildProcess | undefined;
  readonly #services: readonly ChildProcess[];
  readonly #publisher: FramePublisher;
  readonly #dir: string;
  #sequence = 0;
  #run: number | undefined;

  private constructor(parts: {
    readonly url: string;
    readonly redis: PrivateRedis;
    readonly results: ResultsStandIn;
    readonly console: ChildProcess;
    readonly ingest: ChildProcess | undefined;
    readonly services: readonly ChildProcess[];
    readonly publisher: FramePublisher;
    readonly dir: string;
  }) {
    this.url = parts.url;
    this.redis = parts.redis;
    this.results = parts.results;
    this.#console = parts.console;
    this.#ingest = parts.ingest;
    this.#services = parts.services;
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
    const opened = new AsyncDisposableStack();
    try {
      return await StageForConsole.#open(options, { dir, opened });
    } catch (error) {
      // A process that was left behind would keep the test waiting for ever.
      await opened.disposeAsync();
      throw error;
    }
  }

  static async #open(
    options: StageOptions,
    { dir, opened }: { readonly dir: string; readonly opened: AsyncDisposableStack },
  ): Promise<StageForConsole> {
    const redis = await PrivateRedis.start();
    opened.defer(() => redis.close());
    const results = await ResultsStandIn.start();
    opened.defer(() => results.close());
    const env = {
      ...process.env,
      REDIS_URL: redis.url,
      FOLLOWSPOT_SHOW: dir,
      HOST: "127.0.0.1",
      FOLLOWSPOT_TOKENS: options.tokens ?? "",
      LOG_LEVEL: "warn",
    };
    const services: ChildProcess[] = [];
    const open = async (service: Service, more: NodeJS.ProcessEnv = {}) => {
      const port = await freePort();
      const child = await startService(service, { ...env, ...more, PORT: String(port) });
      services.push(child);
      opened.defer(() => stopService(child));
      return { child, url: `http://127.0.0.1:${port}` };
    };
    const resultsUrl = options.realResults ? (await open("results")).url : results.url;
    const ingest = options.realIngest ? await open("ingest") : undefined;
    const console = await open("console", {
      RESULTS_URL: resultsUrl,
      INGEST_URL: ingest?.url ?? "http://127.0.0.1:9",
    });
    const publisher = await FramePublisher.connect({
      redisUrl: redis.url,
      showId: "red-hood",
      log: silentLog(),
    });
    return new StageForConsole({
      url: `${console.url}/`,
      redis,
      results,
      console: console.child,
      ingest: ingest?.child,
      services,
      publisher,
      dir,
    });
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

  /** As a crash of ingest would: its connections end, its port refuses. */
  async killIngest(): Promise<void> {
    if (!this.#ingest) return;
    const ended = once(this.#ingest, "exit");
    this.#ingest.kill("SIGKILL");
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await Promise.all(this.#services.map(stopService));
    await this.#publisher.close();
    await this.results.close();
    await this.redis.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

async function startService(service: Service, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(mainOf(service), { execArgv: ["--disable-warning=ExperimentalWarning"], env });
  await Promise.race([
    once(child, "message"),
    once(child, "exit").then(() => {
      throw new Error(`${service} ended while starting`);
    }),
  ]);
  return child;
}

async function stopService(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function plainPicture(light: number): Promise<Uint8Array> {
  const level = Math.round(light * 255);
  const background = { r: level, g: Math.round(level * 0.8), b: Math.round(level * 0.6) };
  return sharp({ create: { width: 640, height: 360, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
