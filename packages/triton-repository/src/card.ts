import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A graphics card, as far as it is known. */
export interface Card {
  readonly bytes: number;
  /** NVIDIA's compute capability: 8.0 and 8.6 Ampere, 8.9 Ada, 9.0 Hopper. */
  readonly capability?: number | undefined;
}

const DEADLINE_MS = 10_000;
const MEBIBYTE = 1024 ** 2;

/** The cards of this machine, as nvidia-smi tells them; undefined where there is none to ask. */
export async function cardsHere(command = "nvidia-smi"): Promise<readonly Card[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      command,
      ["--query-gpu=memory.total,compute_cap", "--format=csv,noheader,nounits"],
      { timeout: DEADLINE_MS },
    );
    const cards = stdout
      .trim()
      .split("\n")
      .map((line): Card => {
        const [mebibytes, capability] = line.split(",").map(Number);
        return { bytes: (mebibytes ?? NaN) * MEBIBYTE, ...(capability && { capability }) };
      });
    return cards.every(({ bytes }) => bytes > 0) ? cards : undefined;
  } catch {
    return undefined;
  }
}
