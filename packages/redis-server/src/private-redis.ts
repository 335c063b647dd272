import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { Redis } from "ioredis";
import { findRedisBinary } from "./find-binary.ts";
import { freePort } from "./free-port.ts";

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 3_000;
const PROBE_EVERY_MS = 20;

export interface PrivateRedisOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Keeps the data there, in an append-only file. Absent: a temporary folder that goes with the server. */
  readonly dataDir?: string;
  /** Append-only file on or off; on where `dataDir` is given. */
  readonly appendOnly?: boolean;
  readonly maxMemoryMb?: number;
}

/**
 * A Redis (or Valkey) server of our own: loopback only, with a random password, ended with `close()`.
 * The methods that hurt it (`kill`, `pause`) are for tests of what happens then.
 */
export class PrivateRedis {
  readonly port: number;
  readonly #binary: string;
  readonly #config: string;
  readonly #password: string;
  readonly #temporaryDir: string | undefined;
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(options: {
    readonly binary: string;
    readonly port: number;
    readonly config: string;
    readonly password: string;
    readonly temporaryDir: string | undefined;
  }) {
    this.port = options.port;
    this.#binary = options.binary;
    this.#config = options.config;
    this.#password = options.password;
    this.#temporaryDir = options.temporaryDir;
  }

  /** @throws UserError where no server is installed or the port is taken. */
  static async start(options: PrivateRedisOptions = {}): Promise<PrivateRedis> {
    const binary = findRedisBinary();
    if (!binary) {
      throw new UserError(
        "no Redis server was found: install the package redis-server (or valkey), then try again",
      );
    }
    const port = options.port || (await freePort());
    const temporaryDir = options.dataDir ? undefined : await mkdtemp(join(tmpdir(), "followspot-redis-"));
    const dir = options.dataDir ?? temporaryDir ?? "";
    await mkdir(dir, { recursive: true });
    // Not an argument: arguments are visible to every user of the machine.
    const password = randomBytes(24).toString("base64url");
    const config = [
      "bind 127.0.0.1",
      `port ${port}`,
      `requirepass ${password}`,
      `dir ${JSON.stringify(dir)}`,
      `appendonly ${(options.appendOnly ?? options.dataDir !== undefined) ? "yes" : "no"}`,
      "appendfsync everysec",
      'save ""',
      `maxmemory ${options.maxMemoryMb ?? 512}mb`,
      // BullMQ's keys must never be evicted.
      "maxmemory-policy noeviction",
      "daemonize no",
    ].join("\n");
    const server = new PrivateRedis({ binary, port, config, password, temporaryDir });
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
    const child = spawn(this.#binary, ["-"], { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-4_000);
      });
    }
    const failed = once(child, "error").then(([error]) => {
      throw new Error(`could not run ${this.#binary}`, { cause: error });
    });
    failed.catch(() => {});
    child.stdin.on("error", () => {});
    child.stdin.end(`${this.#config}\n`);
    await Promise.race([this.#untilReady(child), failed]);
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadline = performance.now() + START_DEADLINE_MS;
    while (performance.now() < deadline) {
      if (child.exitCode !== null) throw this.#startFailure();
      if (await this.#answers()) return;
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
    throw new Error(`the Redis server did not answer within ${START_DEADLINE_MS} ms:\n${this.#output}`);
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
      await client.connect();
      return (await client.ping()) === "PONG";
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
