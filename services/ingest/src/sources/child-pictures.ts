import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { OfferedPicture } from "../frame-path.ts";
import { MultipartBroken, MultipartPictures } from "./multipart-pictures.ts";
import { SourceFailed } from "./source.ts";

/** What a program said last on standard error. */
const KEPT_WORDS = 8_192;
/** A killed process ends at once, unless the kernel holds it (a broken disk or webcam); that is not waited for. */
const REAP_DEADLINE_MS = 1_000;

export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to its standard input: what other users of the machine must not see among the arguments. */
  readonly input?: string;
  /** Environment, whole. Absent: ours. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface ChildEnd {
  /** Exit code, or null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last words on standard error. */
  readonly words: string;
}

/**
 * Runs a program that writes pictures as multipart to its standard output, in a process of its own: it can crash, hang
 * or run wild without taking anybody along. Resolves when it has ended, and never leaves it behind: it is killed, not
 * asked, once `signal` aborts. If we are killed ourselves, its next picture hits a closed pipe and ends it.
 *
 * @throws SourceFailed where it writes something else
 * @throws NodeJS.ErrnoException where it cannot be started (ENOENT)
 */
export async function childPictures(
  command: ChildCommand,
  options: {
    readonly maxPictureBytes: number;
    readonly picture: (picture: OfferedPicture, words: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<ChildEnd> {
  options.signal.throwIfAborted();
  const child = spawn(command.program, command.args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...(command.env ? { env: command.env } : {}),
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  let words = "";
  let broken: unknown;
  const pictures = new MultipartPictures({
    maxPictureBytes: options.maxPictureBytes,
    onPicture: (bytes) => options.picture({ bytes }, words),
  });
  const kill = () => child.kill("SIGKILL");
  child.stderr.on("data", (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-KEPT_WORDS);
  });
  child.stdout.on("data", (chunk: Buffer) => {
    try {
      if (!broken) pictures.push(chunk);
    } catch (error) {
      broken = error;
      kill();
    }
  });
  child.stdin.on("error", () => {});
  child.stdin.end(command.input ?? "");
  options.signal.addEventListener("abort", kill, { once: true });
  try {
    const end = await ended(child, options.signal);
    if (broken)
      throw broken instanceof MultipartBroken ? new SourceFailed(broken.message, { cause: broken }) : broken;
    return { ...end, words };
  } finally {
    options.signal.removeEventListener("abort", kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Resolves once the process is gone and its output read; soon after an abort in any case. */
function ended(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  signal: AbortSignal,
): Promise<Omit<ChildEnd, "words">> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, endSignal) => resolve({ code, signal: endSignal }));
    const giveUp = () =>
      setTimeout(() => {
        child.unref();
        resolve({ code: null, signal: "SIGKILL" });
      }, REAP_DEADLINE_MS).unref();
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
  });
}
