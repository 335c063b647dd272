import { say } from "./say.ts";

/**
 * Gives the work a signal that Ctrl-C (or SIGTERM) sets off, so that it can end in good order; a second Ctrl-C
 * ends the process at once.
 * @param remark what the first one is answered with.
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  remark: string,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    // With no listener left, the next one does what it does everywhere.
    process.off("SIGINT", stop).off("SIGTERM", stop);
    say(`\n${remark}`);
    controller.abort();
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
