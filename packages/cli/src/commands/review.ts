import { once } from "node:events";
import { UserError } from "@followspot/domain";
import { readShow } from "@followspot/show";
import type { Command } from "commander";
import { showDir } from "../project.ts";
import { hideExperimentalWarnings, say } from "../say.ts";
import { userName } from "../user-name.ts";

interface ReviewOptions {
  readonly show?: string;
  readonly day?: string;
  readonly who?: string;
  readonly port: number;
}

/** `followspot review`: a person goes through what was kept during a show. */
export function addReview(program: Command): void {
  program
    .command("review")
    .description("after the show: answer, one key each, what the recognizer was not sure about")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--day <date>", "one day's show, YYYY-MM-DD (default: everything that was kept)")
    .option("--who <name>", "who answers; goes into the data set (default: your user name)")
    .option("--port <number>", "port on this machine (default: a free one)", parsePort, 0)
    .action(async (options: ReviewOptions) => {
      hideExperimentalWarnings();
      const show = await readShow(showDir(options.show));
      const { ReviewServer, ReviewSession } = await import("@followspot/review");
      let shown = -1;
      const session = await ReviewSession.open({
        showDir: show.dir,
        cast: show.cast,
        who: options.who ?? userName(),
        day: options.day,
        onProgress: (share, doing) => {
          const step = Math.floor(share * 10);
          if (step !== shown) say(`${String(step * 10).padStart(3)} %  ${doing}`);
          shown = step;
        },
      });
      const server = await ReviewServer.listen({ session, showName: show.name, port: options.port });
      const { total, answered } = await session.counts();
      say(`${total - answered} of ${total} frames wait for an answer`);
      say("");
      say(`  Open (once, in one browser):  ${server.url}`);
      say("  End:                          Ctrl-C; every answer is kept already");
      say("");
      const stop = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
      await once(stop.signal, "abort");
      await server.close();
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`--port must be a whole number from 0 to 65535, and is ${JSON.stringify(text)}`);
}
