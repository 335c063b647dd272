import { once } from "node:events";
import type { Server } from "node:net";
import { UserError } from "@followspot/domain";

/**
 * Makes a server listen, for `name` as a sentence calls it ("the console").
 * @throws UserError where the port is taken.
 */
export async function listen(
  server: Server,
  { host, port, name }: { readonly host: string; readonly port: number; readonly name: string },
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new UserError(
      `port ${port} is taken by another program, so ${name} cannot listen there: choose another with PORT`,
      { cause },
    );
  }
}
