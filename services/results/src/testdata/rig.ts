/** What the tests of the whole service stand on: a private Redis, real service processes, and hand-made observations. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { ObservationPublisher } from "@followspot/observations";
import { PrivateRedis, type PrivateRedisOptions } from "@followspot/redis-server";
import { RedisClock, RedisConnection } from "@followspot/runtime";
import { ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { silentLog } from "@followspot/testkit";

export const SHOW_ID = "test-show";
export const CAST = ["wolf", "grandmother", "basket"] as const;
export type Label = (typeof CAST)[number];

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

const SHOW_YAML = `id: ${SHOW_ID}
name: A show for tests
cast:
${CAST.map((id) => `  - { id: ${id}, kind: character, name: ${id} }`).join("\n")}
scenes: [{ id: forest, name: In the forest, cast: [wolf] }]
cameras: []
presence: { enterMs: 150, exitMs: 150, blindAfterMs: 20000 }
`;

export class Rig {
  readonly redis: PrivateRedis;
  readonly showDir: string;
  readonly #connection: RedisConnection;
  readonly #clock: RedisClock;
  readonly #publisher: ObservationPublisher;
  #sequence = 0;
  #shifted = 0;

  private constructor(
    redis: PrivateRedis,
    showDir: string,
    parts: { connection: RedisConnection; clock: RedisClock; publisher: ObservationPublisher },
  ) {
    this.redis = redis;
    this.showDir = showDir;
    this.#connection = parts.connection;
    this.#clock = parts.clock;
    this.#publisher = parts.publisher;
  }

  static async start(t: TestContext, options?: PrivateRedisOptions): Promise<Rig> {
    const redis = await PrivateRedis.start(options);
    const showDir = await mkdtemp(join(tmpdir(), "followspot-results-"));
    await writeFile(join(showDir, "show.yaml"), SHOW_YAML);
    const log = silentLog();
    const connection = await RedisConnection.connect(redis.url, "patient", log);
    const clock = await RedisClock.connect(connection.client);
    const publisher = await ObservationPublisher.connect({ redisUrl: redis.url, showId: SHOW_ID, log });
    t.after(async () => {
      await clock.close();
      await publisher.close();
      connection.client.disconnect();
      await redis.close();
      await rm(showDir, { recursive: true, force: true });
    });
    return new Rig(redis, showDir, { connection, clock, publisher });
  }

  get client() {
    return this.#connection.client;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** One frame of the camera, 100 ms after the one before, in which exactly `seen` are. */
  async observe(seen: readonly Label[], signal = AbortSignal.timeout(20_000)): Promise<void> {
    this.#sequence += 1;
    // Capture times that are never late and never bunched, however slow the machine is.
    this.#shifted = Math.max(this.#shifted + 100, this.nowMs());
    await this.#publisher.publish(
      create(ObservationSchema, {
        frame: { cameraId: "stage", run: 1, sequence: this.#sequence, capturedAtMs: this.#shifted },
        labels: CAST.map((label) => ({ label, score: seen.includes(label) ? 0.95 : 0.05 })),
        recognizer: { name: "test", version: "1", rung: "understudy" },
        light: 0.5,
        answeredAtMs: this.#shifted,
      }),
      signal,
    );
  }

  /** As many frames as it takes for certain: every label that changes has its event then. */
  async show(seen: readonly Label[], frames = 4): Promise<void> {
    for (let frame = 0; frame < frames; frame += 1) await this.observe(seen);
  }

  async results(t: TestContext, env: Record<string, string> = {}): Promise<ResultsProcess> {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        PATH: process.env.PATH ?? "",
        REDIS_URL: this.redis.url,
        FOLLOWSPOT_SHOW: this.showDir,
        PORT: "0",
        LEASE_MS: "800",
        ...env,
      },
    });
    const results = new ResultsProcess(child);
    t.after(() => results.kill());
    await results.started;
    return results;
  }
}

export class ResultsProcess {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly started: Promise<void>;
  port = 0;
  leading = false;

  constructor(child: ChildProcess) {
    this.child = child;
    if (!child.stderr) throw new Error("the service has no standard error");
    createInterface({ input: child.stderr }).on("line", (line) => this.#read(line));
    const ready = once(child, "message").then(() => undefined);
    const ended = once(child, "exit").then(() => {
      throw new Error(`the service ended:\n${this.lines.join("\n")}`);
    });
    ended.catch(() => {});
    this.started = Promise.race([ready, ended]);
  }

  #read(line: string): void {
    this.lines.push(line);
    if (!line.startsWith("{")) return;
    const { msg, port } = JSON.parse(line) as { msg?: string; port?: number };
    if (msg === "listening" && port) this.port = port;
    if (msg === "leading") this.leading = true;
    if (msg === "no longer leading") this.leading = false;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
  }
}
