import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "@followspot/domain";
import { endWithUs, freePort } from "@followspot/redis-server";
import { ensurePython, type PythonEnvironment } from "./ensure-python.ts";
import { unavailableReason } from "./platform.ts";
import { layOutServer, type ServerFiles } from "./server-files.ts";

/** Loading torch and a small model takes 7 s on an idle machine. */
const START_DEADLINE_MS = 240_000;
const STUB_DEADLINE_S = 230;
const PROBE_EVERY_MS = 50;
const PROBE_DEADLINE_MS = 2_000;
/** A free port may be taken before the server has it. */
const START_ATTEMPTS = 3;
const KEPT_OUTPUT = 512 * 1024;

export interface TritonServerOptions {
  /** Folders with one folder for each model. */
  readonly repositories: readonly string[];
  /** What is loaded at the start. All where left out. */
  readonly models?: readonly string[] | "all";
  /** The environment that the models run in; the server itself comes from the environment "server". */
  readonly stub: PythonEnvironment;
  /** Further backends, folder by name: Python ones, as Triton's vLLM backend is one. */
  readonly backends?: Readonly<Record<string, string>>;
  /** For the server and its models, besides this process' own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further options of tritonserver. */
  readonly args?: readonly string[];
  /** Whether a model that fails to load ends the start; otherwise the server comes up without it. */
  readonly failWithModel?: boolean;
  /** Gets each line that the server writes. */
  readonly log?: (line: string) => void;
  readonly startDeadlineMs?: number;
}

interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly metrics: number;
}

/**
 * A tritonserver of our own, on the CPU unless its models ask for more: loopback only, ended with `close()` or with
 * this process. Models are loaded and unloaded on request (`--model-control-mode=explicit`).
 */
export class TritonServer {
  readonly #options: TritonServerOptions;
  readonly #files: ServerFiles;
  readonly #dir: string;
  readonly #shmPrefix = `followspot_triton_${randomBytes(6).toString("hex")}`;
  #ports: Ports = { grpc: 0, http: 0, metrics: 0 };
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(options: TritonServerOptions, files: ServerFiles, dir: string) {
    this.#options = options;
    this.#files = files;
    this.#dir = dir;
  }

  /** Returns when all models are ready. @throws UserError where no Triton runs on this machine */
  static async start(options: TritonServerOptions): Promise<TritonServer> {
    const reason = unavailableReason();
    if (reason) throw new UserError(reason);
    const environment = await ensurePython("server", options.log ?? (() => {}));
    const dir = await mkdtemp(join(tmpdir(), "followspot-triton-"));
    const server = new TritonServer(
      options,
      await layOutServer(environment, { stub: options.stub, dir, backends: options.backends }),
      dir,
    );
    try {
      await server.#startOnFreePorts();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** Of the gRPC service. */
  get address(): string {
    return `grpc://127.0.0.1:${this.#ports.grpc}`;
  }

  get httpAddress(): string {
    return `http://127.0.0.1:${this.#ports.http}`;
  }

  get metricsAddress(): string {
    return `http://127.0.0.1:${this.#ports.metrics}/metrics`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** What the server and its models wrote last, up to half a megabyte. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Resolves when the server process ends, for whatever reason. */
  async exited(): Promise<void> {
    if (this.#process && this.running) await once(this.#process, "exit");
  }

  /**
   * To the server and its stubs. SIGKILL is a crash, SIGSTOP a hang until SIGCONT, SIGTERM a shutdown that finishes
   * what runs. Returns when the server is gone, where the signal ends it.
   */
  async kill(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): Promise<void> {
    if (!this.running) return;
    const ended = signal === "SIGKILL" || signal === "SIGTERM" ? this.exited() : undefined;
    // A shutdown is the server's own: it asks its stubs.
    if (signal === "SIGTERM") this.#process?.kill(signal);
    else this.#signal(signal);
    await ended;
    if (signal === "SIGKILL") await this.#removeSharedMemory();
  }

  /** Starts the server again, after `kill`, on the same ports. */
  async restart(): Promise<void> {
    await this.#run();
  }

  /** At once: a server that shuts down by itself takes seconds, and has nothing to save. */
  async close(): Promise<void> {
    await this.kill("SIGKILL");
    await this.#removeSharedMemory();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #startOnFreePorts(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      this.#ports = { grpc: await freePort(), http: await freePort(), metrics: await freePort() };
      try {
        return await this.#run();
      } catch (error) {
        const taken = /Address already in use|failed to bind|Socket '.*' already in use/i.test(this.#output);
        if (!taken || attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  async #run(): Promise<void> {
    this.#output = "";
    const { stub, env } = this.#options;
    // In a process group of its own, with its stubs: Ctrl-C must reach the clients first.
    const child = spawn(this.#files.binary, this.#args(), {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: {
        ...process.env,
        PATH: [stub.bin, process.env.PATH].join(delimiter),
        VIRTUAL_ENV: stub.dir,
        LD_LIBRARY_PATH: this.#files.libraries.join(delimiter),
        PYTHONUNBUFFERED: "1",
        PYTHONDONTWRITEBYTECODE: "1",
        ...env,
      },
    });
    this.#process = child;
    // With its stubs, and the shared memory that a killed server leaves behind.
    endWithUs(child, (pid) => `kill -KILL -${pid}; rm -rf /dev/shm/${this.#shmPrefix}*`);
    for (const stream of [child.stdout, child.stderr]) this.#keepOutput(stream);
    const failed = once(child, "error").then(([error]) => {
      throw new Error(`could not run ${this.#files.binary}`, { cause: error });
    });
    failed.catch(() => {});
    await Promise.race([this.#untilReady(child), failed]);
  }

  #args(): readonly string[] {
    const { repositories, models = "all", failWithModel = true, args = [] } = this.#options;
    const { grpc, http, metrics } = this.#ports;
    return [
      ...repositories.map((folder) => `--model-repository=${folder}`),
      `--backend-directory=${this.#files.backends}`,
      "--model-control-mode=explicit",
      ...(models === "all" ? ["*"] : models).map((model) => `--load-model=${model}`),
      `--exit-on-error=${failWithModel}`,
      "--grpc-address=127.0.0.1",
      `--grpc-port=${grpc}`,
      "--http-address=127.0.0.1",
      `--http-port=${http}`,
      "--metrics-address=127.0.0.1",
      `--metrics-port=${metrics}`,
      `--backend-config=python,stub-timeout-seconds=${STUB_DEADLINE_S}`,
      `--backend-config=python,shm-region-prefix-name=${this.#shmPrefix}`,
      ...args,
    ];
  }

  #keepOutput(stream: NodeJS.ReadableStream): void {
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT);
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#options.log?.(line);
    });
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const deadlineMs = this.#options.startDeadlineMs ?? START_DEADLINE_MS;
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the Triton server ended while starting:\n${this.#complaints()}`);
      }
      if (await this.#isReady()) return;
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
    throw new Error(`the Triton server was not ready within ${deadlineMs} ms:\n${this.#complaints()}`);
  }

  /** Ready where all models are; live where some may be missing. */
  async #isReady(): Promise<boolean> {
    const question = this.#options.failWithModel === false ? "live" : "ready";
    try {
      const signal = AbortSignal.timeout(PROBE_DEADLINE_MS);
      // A connection that is kept would hold up a later shutdown.
      const headers = { connection: "close" };
      return (await fetch(`${this.httpAddress}/v2/health/${question}`, { signal, headers })).ok;
    } catch {
      return false;
    }
  }

  /** The lines of a failed start that say why; the others are hundreds of settings. */
  #complaints(): string {
    const lines = this.#output.split("\n");
    const bad = lines.filter((line) => /^E\d{4} |error|Error|UNAVAILABLE|Traceback/.test(line));
    return (bad.length > 0 ? bad : lines).slice(-30).join("\n");
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  async #removeSharedMemory(): Promise<void> {
    for await (const file of glob(`/dev/shm/${this.#shmPrefix}*`)) await rm(file, { force: true });
  }
}
