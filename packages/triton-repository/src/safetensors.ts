import { open } from "node:fs/promises";

export type SafetensorsState =
  | { readonly state: "whole"; readonly bytes: number }
  /** What is wrong with it, to follow the file's name. */
  | { readonly state: "broken"; readonly why: string };

const HEADER_BYTES = 8;
const MOST_HEADER_BYTES = 100_000_000;
const LFS = "version https://git-lfs";

/** Whether a file of weights is all there: its header says where the last tensor ends. Reads the header only. */
export async function checkSafetensors(file: string): Promise<SafetensorsState> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const start = Buffer.alloc(Math.min(size, 64));
    await handle.read(start, 0, start.length, 0);
    if (start.toString("latin1").startsWith(LFS)) {
      return broken("is only a pointer of Git LFS: fetch the file itself with git lfs pull");
    }
    if (size < HEADER_BYTES) return broken("is empty: copy it again");
    const length = Number(start.readBigUInt64LE(0));
    if (length > MOST_HEADER_BYTES || HEADER_BYTES + length > size) {
      return broken("is cut off within its header, or no safetensors file: copy it again");
    }
    const text = Buffer.alloc(length);
    await handle.read(text, 0, length, HEADER_BYTES);
    const end = HEADER_BYTES + length + lastOffset(text.toString("utf8"));
    if (Number.isNaN(end)) return broken("has a header that cannot be read: copy it again");
    if (end > size) return broken(`is cut off: ${size} of ${end} bytes are there; copy it again`);
    return { state: "whole", bytes: size };
  } finally {
    await handle.close();
  }
}

function lastOffset(header: string): number {
  try {
    const entries = Object.entries(JSON.parse(header) as Record<string, { data_offsets?: [number, number] }>);
    const ends = entries
      .filter(([name]) => name !== "__metadata__")
      .map(([, entry]) => entry.data_offsets?.[1] ?? NaN);
    return ends.reduce((most, end) => Math.max(most, end), 0);
  } catch {
    return NaN;
  }
}

function broken(why: string): SafetensorsState {
  return { state: "broken", why };
}
