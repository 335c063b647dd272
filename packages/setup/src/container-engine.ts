import { spawnSync } from "node:child_process";
import { findOnPath } from "./find-on-path.ts";

const ANSWER_WITHIN_MS = 5_000;

/** The path of docker or podman with an engine that answers, or undefined. */
export function findContainerEngine(): string | undefined {
  return ["docker", "podman"]
    .map((name) => findOnPath([name]))
    .find((path) => {
      if (!path) return false;
      // `info` without a running engine fails; the client alone is of no use.
      return spawnSync(path, ["info"], { stdio: "ignore", timeout: ANSWER_WITHIN_MS }).status === 0;
    });
}
