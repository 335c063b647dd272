import { once } from "node:events";
import { type CaptionDesk, CaptionServer, reviewInTerminal } from "@followspot/captions";
import { UserError } from "@followspot/domain";
import { hideExperimentalWarnings, say } from "../say.ts";
import { editText } from "./edit-text.ts";
import { TerminalKeys } from "./terminal-keys.ts";
import { waiting } from "./waiting.ts";

/** Lets a person decide, in the terminal or in a browser. */
export async function review(
  desk: CaptionDesk,
  { page, ...where }: { readonly page: boolean; readonly port: number; readonly showName: string },
): Promise<void> {
  const { open } = await desk.look();
  if (open.length === 0) say("no draft waits: followspot dataset caption asks for some");
  else if (page) await inBrowser(desk, { ...where, count: open.length });
  else await inTerminal(desk);
}

async function inBrowser(
  desk: CaptionDesk,
  { count, ...options }: { readonly count: number; readonly port: number; readonly showName: string },
): Promise<void> {
  hideExperimentalWarnings();
  const server = await CaptionServer.listen({ desk, ...options });
  say(`${waiting(count)} for a decision`);
  say("");
  say(`  Open (once, in one browser):  ${server.url}`);
  say("  End:                          Ctrl-C; every decision is kept already");
  say("");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop.abort());
  await once(stop.signal, "abort");
  await server.close();
}

/** @throws UserError where nobody is there to press keys */
async function inTerminal(desk: CaptionDesk): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UserError(
      "--review needs a terminal to read keys from: use --page for the browser, or --drafts and --apply without either",
    );
  }
  const keys = new TerminalKeys();
  try {
    const { accepted, edited, refused } = await reviewInTerminal(desk, {
      colours: !process.env.NO_COLOR && process.env.TERM !== "dumb",
      write: say,
      readKey: () => keys.next(),
      edit: async (text) => {
        keys.pause();
        try {
          return await editText(text);
        } finally {
          keys.resume();
        }
      },
    });
    const { counts } = await desk.look();
    say("");
    say(`${accepted} accepted, ${edited} edited, ${refused} refused; ${waiting(counts.open)}`);
  } finally {
    keys.pause();
  }
}
