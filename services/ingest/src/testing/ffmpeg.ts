import { spawnSync } from "node:child_process";

const found = spawnSync("ffmpeg", ["-version"]).status === 0;

/** What to pass as `skip` to tests that need ffmpeg. In CI a missing one is a failure. */
export const withoutFfmpeg: string | false = found || process.env.CI ? false : "ffmpeg is not installed";

/** Makes a test clip. @throws Error with what ffmpeg said */
export function makeClip(args: readonly string[], path: string): string {
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...args, path]);
  if (status !== 0) throw new Error(`ffmpeg could not make ${path}: ${stderr.toString()}`);
  return path;
}
