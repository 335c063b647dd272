import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "@followspot/redis-server";

export const SHOW = "test-show";
export const CAST = ["wolf", "hood"];

const SHOW_YAML = `
id: ${SHOW}
name: A show for tests
cast:
${CAST.map((id) => `  - { id: ${id}, kind: character, name: ${id} }`).join("\n")}
`;

/** The worker as it is deployed: a process of its own, told everything through its environment. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly showDir: string;
  readonly #healthUrl: string;
  #log = "";

  private constructor(child: ChildProcess, showDir: string, healthUrl: string) {
    this.child = child;
    this.showDir = showDir;
    this.#healthUrl = healthUrl;
    this.exited = once(child, "exit").then(([code]) => code as number | null);
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
  }

  static async start(
    context: Pick<TestContext, "after">,
    options: {
      readonly redisUrl: string;
      readonly understudyUrl: string | undefined;
      /** More of show.yaml. */
      readonly show?: string;
      readonly env?: Record<string, string>;
    },
  ): Promise<WorkerProcess> {
    const showDir = await mkdtemp(join(tmpdir(), "followspot-show-"));
    await writeFile(join(showDir, "show.yaml"), `${SHOW_YAML}${options.show ?? ""}`);
    const port = await freePort();
    const child = fork(fileURLToPath(new URL("../main.ts", import.meta.url)), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        ...process.env,
        REDIS_URL: options.redisUrl,
        ...(options.understudyUrl !== undefined && { UNDERSTUDY_URL: options.understudyUrl }),
        FOLLOWSPOT_SHOW: showDir,
        HOST: "127.0.0.1",
        PORT: String(port),
        // Tests of age set their own; the others must not depend on how fast this machine is.
        FRAME_MAX_AGE_MS: "20000",
        ...options.env,
      },
    });
    const worker = new WorkerProcess(child, showDir, `http://127.0.0.1:${port}`);
    context.after(async () => {
      child.kill("SIGKILL");
      await worker.exited;
      await rm(showDir, { recursive: true, force: true });
    });
    const started = once(child, "message");
    await Promise.race([
      started,
      worker.exited.then(() => {
        throw new Error(`the worker ended while starting:\n${worker.log}`);
      }),
    ]);
    return worker;
  }

  /** What it logged so far: JSON lines. */
  get log(): string {
    return this.#log;
  }

  async get(path: "/health/live" | "/health/ready" | "/metrics"): Promise<{ status: number; body: string }> {
    const response = await fetch(this.#healthUrl + path);
    return { status: response.status, body: await response.text() };
  }
}
