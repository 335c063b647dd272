import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Closable } from "@followspot/runtime";

const START_DEADLINE_MS = 30_000;
const ANSWER_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 8_000;
/** The last words of a process that failed. */
const KEEP_LOG_CHARS = 4_000;

const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url));

export interface BenchProcessOptions {
  /** As the report names it. */
  readonly name: string;
  /** The entry, relative to the project. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Answer {
  readonly to: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** A process of the system under test, or of the bench itself, which can then be asked (see `serve-parent.ts`). */
export class BenchProcess implements Closable {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #log = "";

  /** Resolves when the process says that it has started. @throws Error with its last words where it does not. */
  static async start(options: BenchProcessOptions): Promise<BenchProcess> {
    const process = new BenchProcess(options);
    await process.#untilStarted();
    return process;
  }

  private constructor({ name, entry, env }: BenchProcessOptions) {
    this.name = name;
    this.#child = spawn(process.execPath, [`${PROJECT_DIR}${entry}`], {
      // The IPC channel ends the process when we are gone.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, LOG_LEVEL: "warn", ...env },
      serialization: "advanced",
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#log = (this.#log + chunk.toString()).slice(-KEEP_LOG_CHARS);
    });
    this.#child.on("message", (message: Answer) => {
      this.#waiting.get(message.to)?.(message);
      this.#waiting.delete(message.to);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async #untilStarted(): Promise<void> {
    const ended = once(this.#child, "exit").then(([code]) => {
      throw new Error(`${this.name} ended with code ${String(code)} while starting:\n${this.#log}`);
    });
    ended.catch(() => {});
    const limit = AbortSignal.timeout(START_DEADLINE_MS);
    const slow = once(limit, "abort").then(() => {
      throw new Error(`${this.name} did not start within ${START_DEADLINE_MS} ms:\n${this.#log}`);
    });
    slow.catch(() => {});
    try {
      await Promise.race([once(this.#child, "message"), ended, slow]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Asks one of our own processes. @throws Error where it fails, or does not answer in time. */
  ask<T>(
    question: string,
    parameters: Readonly<Record<string, unknown>> = {},
    { deadlineMs = ANSWER_DEADLINE_MS }: { readonly deadlineMs?: number } = {},
  ): Promise<T> {
    const to = ++this.#asked;
    return new Promise<T>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(to);
        reject(new Error(`${this.name} did not answer "${question}":\n${this.#log}`));
      }, deadlineMs);
      this.#waiting.set(to, ({ value, error }) => {
        clearTimeout(late);
        if (error === undefined) resolve(value as T);
        else reject(new Error(`${this.name}: ${error}`));
      });
      this.#child.send({ to, question, parameters });
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(force);
  }
}
