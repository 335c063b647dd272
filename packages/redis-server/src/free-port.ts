import { once } from "node:events";
import { createServer } from "node:net";
import { UserError } from "@followspot/domain";

/**
 * Below the ports that systems give to connections and to whoever asks for any (from 32768 on Linux, 49152 elsewhere):
 * between the choice of a port here and its use, hundreds of those may be given away.
 */
const FIRST = 10_000;
/** Each process has so many ports of its own, so that two that choose at the same time do not choose the same. */
const OWN = 32;
const PROCESSES = 312;

let asked = 0;

/** A loopback TCP port that nobody listens on now, and that nobody else who asks here is given soon. */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < OWN * PROCESSES; tried++) {
    // Its own ports in turn; only where none of them is free, the next process's.
    const owner = (process.pid + Math.floor(tried / OWN)) % PROCESSES;
    const port = FIRST + owner * OWN + (asked++ % OWN);
    if (await isFree(port)) return port;
  }
  throw new UserError(`no port from ${FIRST} to ${FIRST + OWN * PROCESSES - 1} is free on this machine`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
