import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Ends a server when this process ends without a word (kill -9, a crash): a guard waits on a pipe that only we hold
 * open, and the end of the pipe is the end of us.
 * @param farewell what the shell then does, given the number of the server's process
 */
export function endWithUs(server: ChildProcess, farewell: (pid: number) => string): void {
  if (server.pid === undefined) return;
  const guard = spawn("/bin/sh", ["-c", `cat >/dev/null; ${farewell(server.pid)}`], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => {});
  guard.unref();
  (guard.stdin as Socket).unref();
  // The guard has no one to watch any more; it must not hit a stranger that gets the number later.
  server.once("exit", () => {
    guard.kill("SIGKILL");
    guard.stdin.destroy();
  });
}
