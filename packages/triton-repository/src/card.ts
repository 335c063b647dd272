import { execFile } from "node:child_process";
import { promisify } from "node:util";

const DEADLINE_MS = 10_000;
const MEBIBYTE = 1024 ** 2;

/** Memory in bytes of each card of this machine, as nvidia-smi tells it; undefined where there is none to ask. */
export async function cardMemory(command = "nvidia-smi"): Promise<readonly number[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      command,
      ["--query-gpu=memory.total", "--format=csv,noheader,nounits"],
      {
        timeout: DEADLINE_MS,
      },
    );
    const cards = stdout
      .trim()
      .split("\n")
      .map((line) => Number(line) * MEBIBYTE);
    return cards.every((bytes) => bytes > 0) ? cards : undefined;
  } catch {
    return undefined;
  }
}
