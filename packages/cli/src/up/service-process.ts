import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { UserError } from "@followspot/domain";
import { PROJECT_DIR } from "../project.ts";

const EXIT_BAD_INPUT = 2;
/** runService closes within 25 s; here everything is local and nobody wants to wait. */
const STOP_DEADLINE_MS = 8_000;
const RESTART_AFTER_MS = { first: 250, most: 5_000 };
/** A service that ran for so long starts with the short pause again. */
const STABLE_AFTER_MS = 30_000;

export interface ServiceProcessOptions {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets each line that the service logs. */
  readonly onLog: (name: string, line: string) => void;
  readonly onRestart: (name: string, detail: string) => void;
}

/**
 * One service in a process of its own, started again whenever it ends by itself.
 * States: starting -> running -> (ended -> waiting -> starting)* -> stopped.
 */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  readonly #firstStart = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #pauseMs = RESTART_AFTER_MS.first;
  #stopping = false;
  #started = false;
  #problem = "";

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
    this.#firstStart.promise.catch(() => {});
    this.#spawn();
  }

  /** Resolves when the service says for the first time that it has started. @throws UserError for its bad input. */
  get started(): Promise<void> {
    return this.#firstStart.promise;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  #spawn(): void {
    const { name, env, onLog } = this.#options;
    const startedAtMs = performance.now();
    const main = resolve(PROJECT_DIR, `services/${name}/src/main.ts`);
    // What Node calls experimental here (stripping types) is what we run on; a technician needs no warning of it.
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main], {
      // The IPC channel tells when the service has started, and ends it when we are gone.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      this.#problem = problemIn(line) ?? this.#problem;
      onLog(name, line);
    });
    child.on("message", () => {
      this.#started = true;
      this.#firstStart.resolve();
    });
    child.on("error", (error) => this.#firstStart.reject(error));
    // Not "exit": the last lines that explain it may still be in the pipe.
    child.on("close", (code, signal) => this.#ended(code, signal, performance.now() - startedAtMs));
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, ranMs: number): void {
    if (this.#stopping) return;
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    if (code === EXIT_BAD_INPUT && !this.#started) {
      this.#firstStart.reject(new UserError(this.#problem || `${this.#options.name} ${how}`));
      return;
    }
    if (ranMs > STABLE_AFTER_MS) this.#pauseMs = RESTART_AFTER_MS.first;
    this.#options.onRestart(this.#options.name, `${how}; starting it again`);
    this.#restart = setTimeout(() => this.#spawn(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, RESTART_AFTER_MS.most);
  }

  /** From now on an end is no accident: Ctrl-C at a terminal reaches the services at the same time as us. */
  expectEnd(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
  }

  /** Asks it to stop and waits; kills it where it does not. */
  async close(): Promise<void> {
    this.expectEnd();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(force);
  }
}

/** The sentence of a service that cannot start because of what it was given. */
function problemIn(line: string): string | undefined {
  try {
    const entry = JSON.parse(line) as { problem?: unknown };
    return typeof entry.problem === "string" ? entry.problem : undefined;
  } catch {
    return undefined;
  }
}
