import { fileURLToPath } from "node:url";
import { freePort } from "@followspot/redis-server";
import type { Closable } from "@followspot/runtime";
import { ensurePython, TritonServer, unavailableReason } from "@followspot/triton-server";
import type { BenchProcess } from "../bench-process.ts";
import type { LiveSystem } from "../live-system.ts";

const MODELS = fileURLToPath(new URL("models", import.meta.url));
export const SERVICE_MS = 150;
export const INSTANCES = 4;
const SCRIPTED = "packages/bench/src/processes/scripted-recognizer.ts";

/** The server of the better rung, to be killed. */
export interface VisionServer extends Closable {
  readonly kind: "tritonserver" | "scripted";
  readonly address: string;
  /** Its pid, where it is one process that the bench may count. */
  kill(): Promise<void>;
  hang(): Promise<void>;
  /** Ends a kill or a hang. Returns once it is ready. */
  recover(fault: "kill" | "hang"): Promise<void>;
}

/** A real tritonserver where one runs on this machine, else the scripted one in a process of its own. */
export async function startVisionServer(
  system: LiveSystem,
  say: (line: string) => void,
): Promise<VisionServer> {
  const reason = unavailableReason();
  if (reason === undefined) return startTriton(say);
  say(`${reason}; the scripted server stands in`);
  return startScripted(system);
}

async function startTriton(say: (line: string) => void): Promise<VisionServer> {
  const stub = await ensurePython("server", say);
  const server = await TritonServer.start({ repositories: [MODELS], stub });
  return {
    kind: "tritonserver",
    address: server.address,
    kill: () => server.kill("SIGKILL"),
    hang: () => server.kill("SIGSTOP"),
    recover: (fault) => (fault === "kill" ? server.restart() : server.kill("SIGCONT")),
    close: () => server.close(),
  };
}

async function startScripted(system: LiveSystem): Promise<VisionServer> {
  const port = await freePort();
  const start = () =>
    system.startProcess("vision", SCRIPTED, {
      MODEL: "qwen2_vl_scores",
      RUNG: "qwen2-vl",
      PORT: String(port),
      SLOTS: String(INSTANCES),
      SERVICE_MS: String(SERVICE_MS),
    });
  let child: BenchProcess = await start();
  const signal = async (name: NodeJS.Signals) => void process.kill(child.pid, name);
  return {
    kind: "scripted",
    address: `grpc://127.0.0.1:${port}`,
    kill: () => signal("SIGKILL"),
    hang: () => signal("SIGSTOP"),
    recover: async (fault) => {
      if (fault === "hang") return signal("SIGCONT");
      child = await start();
    },
    close: () => child.close(),
  };
}
