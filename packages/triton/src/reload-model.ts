import { findSystem } from "@followspot/runtime";
import { identityOf } from "./model-identity.ts";
import { TritonClient } from "./triton-client.ts";

const UNDERSTUDY = "understudy";

export interface ReloadOptions {
  readonly showDir: string;
  /** The version that was put in force in the show's models folder. */
  readonly version: string;
  /** Servers beside the one of this machine: grpc://host:port, each with an understudy that reads the same folder. */
  readonly servers?: readonly string[];
  readonly signal?: AbortSignal;
}

/** What became of one server: `version` is what it answers with now. */
export interface Reloaded {
  readonly address: string;
  /** False where the server reads another models folder: it was asked, and answers with another version. */
  readonly inForce: boolean;
  readonly version: string;
}

/**
 * Tells every running understudy of a show that another model is in force: the one of the system on this machine, if it
 * runs, and those that are named. They load it while they go on answering. An empty list means that nothing runs.
 * @throws InferenceError naming what the server said, where it refuses the model or does not answer
 */
export async function reloadUnderstudies({
  showDir,
  version,
  servers = [],
  signal,
}: ReloadOptions): Promise<Reloaded[]> {
  const local = (await findSystem(showDir))?.understudy;
  const addresses = new Set([...(local ? [local] : []), ...servers]);
  const reloaded: Reloaded[] = [];
  for (const address of addresses) {
    const now = await reload(address, signal);
    reloaded.push({ address, inForce: now === version, version: now });
  }
  return reloaded;
}

/** Returns the version in force afterwards. */
async function reload(address: string, signal: AbortSignal | undefined): Promise<string> {
  const client = await TritonClient.connect({ address });
  try {
    const options = signal ? { signal } : {};
    await client.loadModel(UNDERSTUDY, { deadlineMs: LOAD_DEADLINE_MS, ...options });
    return identityOf(UNDERSTUDY, await client.modelConfig(UNDERSTUDY, options)).version;
  } finally {
    await client.close();
  }
}

/** An understudy loads in a fraction of a second, behind whatever it is looking at. */
const LOAD_DEADLINE_MS = 30_000;

/** What to tell the person at the terminal. */
export function describeReload(reloaded: readonly Reloaded[]): string {
  if (reloaded.length === 0)
    return "nothing runs this show now: the model comes into force at its next start";
  return reloaded
    .map(({ address, inForce, version }) =>
      inForce
        ? `${address} answers with model ${version} now`
        : `${address} reads another models folder and goes on with model ${version}: copy models/ there`,
    )
    .join("\n");
}
