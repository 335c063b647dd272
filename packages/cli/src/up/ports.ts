import { once } from "node:events";
import { createServer } from "node:net";
import { UserError } from "@followspot/domain";

export const DEFAULT_PORT = 4600;

/** Where everything listens: the console at the base port, the others right after it. */
export interface Ports {
  readonly console: number;
  readonly results: number;
  readonly ingest: number;
  readonly understudy: number;
  readonly redis: number;
  readonly workerHealth: number;
  readonly understudyHealth: number;
}

export function portsFrom(base: number): Ports {
  return {
    console: base,
    results: base + 1,
    ingest: base + 2,
    understudy: base + 3,
    redis: base + 4,
    workerHealth: base + 5,
    understudyHealth: base + 6,
  };
}

const HIGHEST = 65_535 - 6;

/** Parses the value of --port. @throws UserError */
export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1_024 && port <= HIGHEST) return port;
  throw new UserError(
    `--port must be a whole number from 1024 to ${HIGHEST}, and is ${JSON.stringify(text)}`,
  );
}

/** @throws UserError naming each taken port, what it was for, and the option that changes it. */
export async function refuseTakenPorts(ports: Ports, host: string): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    // Redis and what only machines on this host talk to stay on loopback.
    if (!(await isFree(port, "127.0.0.1")) || !(await isFree(port, host))) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return;
  throw new UserError(
    `port ${taken.join(", ")} ${taken.length === 1 ? "is" : "are"} taken by another program, perhaps another Followspot: end it, or choose other ports with --port N`,
  );
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRNOTAVAIL") {
      throw new UserError(`--host ${host} is not an address of this machine`);
    }
    return false;
  } finally {
    server.close();
  }
}
