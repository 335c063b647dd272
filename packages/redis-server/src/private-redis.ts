import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { Redis } from "ioredis";
import { endWithUs } from "./end-with-us.ts";
import { findRedisBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";

/** Long enough for an engine to fetch an image. */
const START_DEADLINE_MS = { binary: 10_000, container: 180_000 };
const STOP_DEADLINE_MS = 3_000;
const PROBE_EVERY_MS = 20;
const PROBE_DEADLINE_MS = 500;
const CONTAINER_PORT = 6379;
const CONTAINER_DIR = "/data";

/** What runs the server: a program of this machine, or an image in a container engine (its `docker` command). */
export type RedisServerSource =
  | { readonly kind: "binary"; readonly path: string }
  | { readonly kind: "container"; readonly engine: string; readonly image: string };

export interface PrivateRedisOptions {
  /** Absent: the binary that is found. */
  readonly source?: RedisServerSource;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Keeps the data there, in an append-only file. Absent: a temporary folder that goes with the server. */
  readonly dataDir?: string;
  /** Append-only file on or off; on where `dataDir` is given. */
  readonly appendOnly?: boolean;
  /** Every write reaches the disk before its answer: slower, and `kill` loses none. Otherwise it does within a second or two. */
  readonly syncEachWrite?: boolean;
  readonly maxMemoryMb?: number;
}

/**
 * A Redis (or Valkey) server of our own: loopback only, with a random password, ended with `close()`.
 * The methods that hurt it (`kill`, `pause`) are for tests of what happens then.
 */
export class PrivateRedis {
  readonly port: number;
  readonly #command: readonly string[];
  readonly #config: string;
  readonly #password: string;
  readonly #temporaryDir: string | undefined;
  readonly #startDeadlineMs: number;
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(options: {
    readonly command: readonly string[];
    readonly port: number;
    readonly config: string;
    readonly password: string;
    readonly temporaryDir: string | undefined;
    readonly startDeadlineMs: number;
  }) {
    this.port = options.port;
    this.#command = options.command;
    this.#config = options.config;
    this.#password = options.password;
    this.#temporaryDir = options.temporaryDir;
    this.#startDeadlineMs = options.startDeadlineMs;
  }

  /** @throws UserError where no server is installed or the port is taken. */
  static async start(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
    const source = options.source ?? foundBinary();
    const port = options.port || (await freePort());
    const temporaryDir = options.dataDir ? undefined : await mkdtemp(join(tmpdir(), "followspot-redis-"));
    const dir = options.dataDir ?? temporaryDir ?? "";
    await mkdir(dir, { recursive: true });
    // Not an argument: arguments are visible to every user of the machine.
    const password = randomBytes(24).toString("base64url");
    const inContainer = source.kind === "container";
    const config = [
      // The engine publishes the container's port on loopback only.
      `bind ${inContainer ? "0.0.0.0" : "127.0.0.1"}`,
      `port ${inContainer ? CONTAINER_PORT : port}`,
      `requirepass ${password}`,
      `dir ${JSON.stringify(inContainer ? CONTAINER_DIR : dir)}`,
      `appendonly ${(options.appendOnly ?? options.dataDir !== undefined) ? "yes" : "no"}`,
      `appendfsync ${options.syncEachWrite ? "always" : "everysec"}`,
      'save ""',
      `maxmemory ${options.maxMemoryMb ?? 512}mb`,
      // BullMQ's keys must never be evicted.
      "maxmemory-policy noeviction",
      "daemonize no",
    ].join("\n");
    const server = new PrivateRedis({
      command: commandFor(source, port, dir),
      port,
      config,
      password,
      temporaryDir,
      startDeadlineMs: START_DEADLINE_MS[source.kind],
    });
    try {
      await server.restart();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `redis://:${this.#password}@127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when the running server process ends, for whatever reason. */
  async exited(): Promise<void> {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) {
      await once(this.#process, "exit");
    }
  }

  /** Starts the server again (after `kill`) on the same port and data, and waits until it answers. */
  async restart(): Promise<void> {
    this.#output = "";
    // In a process group of its own: Ctrl-C must reach the services first, which still need it to stop cleanly.
    const [program = "", ...args] = this.#command;
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#process = child;
    // SIGKILL, since nobody is left to wait for a slow farewell; what was acknowledged is in the append-only file.
    endWithUs(child, (pid) => `kill -KILL ${pid}`);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-4_000);
      });
    }
    const failed = once(child, "error").then(([error]) => {
      throw new Error(`could not run ${program}`, { cause: error });
    });
    failed.catch(() => {});
    child.stdin.on("error", () => {});
    child.stdin.end(`${this.#config}\n`);
    await Promise.race([this.#untilReady(child), failed]);
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + this.#startDeadlineMs;
    while (performance.now() < deadline) {
      if (child.exitCode !== null) throw this.#startFailure();
      if (await this.#answers()) return;
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
    throw new Error(`the Redis server did not answer within ${this.#startDeadlineMs} ms:\n${this.#output}`);
  }

  #startFailure(): Error {
    if (/Address already in use/i.test(this.#output)) {
      return new UserError(
        `port ${this.port} is taken by another program, so Redis cannot use it: choose another port`,
      );
    }
    return new Error(`the Redis server ended while starting:\n${this.#output}`);
  }

  async #answers(): Promise<boolean> {
    const client = new Redis(this.url, {
      lazyConnect: true,
      retryStrategy: () => null,
      enableOfflineQueue: false,
    });
    client.on("error", () => {});
    try {
      // Another program may sit on the port, accept, and never say a word.
      const ping = client.connect().then(() => client.ping());
      ping.catch(() => {});
      const silence = new Promise<string>((resolve) => setTimeout(resolve, PROBE_DEADLINE_MS, "").unref());
      return (await Promise.race([ping, silence])) === "PONG";
    } catch {
      return false;
    } finally {
      client.disconnect();
    }
  }

  /** As a crash would: no farewell, nothing flushed. */
  async kill(): Promise<void> {
    const ended = this.exited();
    this.#process?.kill("SIGKILL");
    await ended;
  }

  /** Hangs the server with its sockets open, until `resume()`. */
  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child && child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(force);
    }
    if (this.#temporaryDir) await rm(this.#temporaryDir, { recursive: true, force: true });
  }
}

function foundBinary(): RedisServerSource {
  const path = findRedisBinary();
  if (path) return { kind: "binary", path };
  throw new UserError(
    "no Redis server was found: install the package redis-server (or valkey), then try again",
  );
}

/** The program with its arguments; the configuration comes on standard input. */
function commandFor(source: RedisServerSource, port: number, dir: string): readonly string[] {
  if (source.kind === "binary") return [source.path, "-"];
  const server = source.image.includes("valkey") ? "valkey-server" : "redis-server";
  const publish = ["--publish", `127.0.0.1:${port}:${CONTAINER_PORT}`];
  const volume = ["--volume", `${dir}:${CONTAINER_DIR}`];
  return [source.engine, "run", "--rm", "--interactive", ...publish, ...volume, source.image, server, "-"];
}
