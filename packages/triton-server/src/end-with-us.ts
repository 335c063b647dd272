import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Ends the server and its stubs when this process ends without a word (kill -9, a crash): a guard waits on a pipe that
 * only we hold open, and the end of the pipe is the end of us. It also removes the shared memory that a killed server
 * leaves behind.
 */
export function endWithUs(server: ChildProcess, sharedMemory: string): void {
  if (server.pid === undefined) return;
  const script = `cat >/dev/null; kill -KILL -${server.pid}; rm -rf ${sharedMemory}*`;
  const guard = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  guard.on("error", () => {});
  guard.unref();
  (guard.stdin as Socket).unref();
  // The guard has no one to watch any more; it must not hit a stranger that gets the number later.
  server.once("exit", () => {
    guard.kill("SIGKILL");
    guard.stdin.destroy();
  });
}
