import { spawn } from "node:child_process";
import { once } from "node:events";

/** Holds a lock of the kernel's until its standard input ends, which is when we let go or are no more. */
const HOLD = `
import fcntl, sys
lock = open(sys.argv[1], "w")
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("waiting", flush=True)
    fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()`;

/**
 * Does `work` while no other process of this machine does work under the same lock file. A process that was killed
 * holds nothing: the kernel let go for it.
 */
export async function withInstallLock<T>(
  { python, file, onWait }: { python: string; file: string; onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const holder = spawn(python, ["-I", "-c", HOLD, file], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(holder, "close");
  ended.catch(() => {});
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.on("data", (chunk: Buffer) => {
        if (chunk.includes("waiting")) onWait();
        if (chunk.includes("held")) resolve();
      });
      holder.once("error", reject);
      holder.once("close", () => reject(new Error(`could not lock ${file}`)));
    });
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
