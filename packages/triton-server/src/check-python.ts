import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { PythonEnvironment } from "./ensure-python.ts";

/** Whether all our Python is in format and lints clean (`ruff.toml`); what is wrong goes to the terminal. */
export function checkPython({ bin }: PythonEnvironment, folders: readonly string[]): boolean {
  const ruff = join(bin, "ruff");
  const runs = [
    ["format", "--check", "-q"],
    ["check", "-q"],
  ].map((command) => spawnSync(ruff, [...command, "--no-cache", ...folders], { stdio: "inherit" }));
  return runs.every(({ status }) => status === 0);
}
