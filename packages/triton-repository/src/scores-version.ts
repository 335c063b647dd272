import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A hash of what a folder of weights, adapters and questions holds takes seconds, from a slow disk. */
const DEADLINE_MS = 120_000;

/**
 * The version of a `scores` model, worked out by the very code that hosts it (followspot_scores.identity, which needs
 * no library). Undefined where its weights are not there, or no Python is.
 * @param packages the folder that has followspot_scores in it
 */
export async function scoresVersion(model: string, packages: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["-m", "followspot_scores.identity", model], {
      timeout: DEADLINE_MS,
      env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1" },
    });
    return /^[0-9a-f]{12}$/.exec(stdout.trim())?.[0];
  } catch {
    return undefined;
  }
}
