import { open } from "node:fs/promises";
import { z } from "zod";
import { whyUnreadable } from "./reading.ts";

export interface WholeFile {
  readonly state: "whole";
  readonly bytes: number;
  /** Shape of each tensor, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

export type SafetensorsState =
  | WholeFile
  /** What is wrong with it, to follow the file's name. */
  | { readonly state: "broken"; readonly why: string };

const LENGTH_BYTES = 8;
const MOST_HEADER_BYTES = 100_000_000;
const LFS = "version https://git-lfs";

const whole = z.number().int().nonnegative();
const Entry = z.object({
  dtype: z.string(),
  shape: z.array(whole),
  data_offsets: z.tuple([whole, whole]),
});
type Entry = z.output<typeof Entry>;
const Header = z.looseObject({ __metadata__: z.record(z.string(), z.string()).nullish() });

/** Types by the bytes of one number. https://github.com/huggingface/safetensors, safetensors/src/tensor.rs */
const TYPES: readonly (readonly [number, readonly string[]])[] = [
  [1, ["BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"]],
  [2, ["I16", "U16", "F16", "BF16"]],
  [4, ["I32", "U32", "F32"]],
  [8, ["I64", "U64", "F64"]],
];

/** Whether a file of weights is all there: its header says where each tensor lies. Reads the header only. */
export async function checkSafetensors(file: string): Promise<SafetensorsState> {
  try {
    await using handle = await open(file, "r");
    const stat = await handle.stat();
    if (!stat.isFile()) return broken("is a folder, where a file of weights belongs");
    const { size } = stat;
    const start = Buffer.alloc(Math.min(size, 64));
    await handle.read(start, 0, start.length, 0);
    if (start.toString("latin1").startsWith(LFS)) {
      return broken("is only a pointer of Git LFS: fetch the file itself with git lfs pull");
    }
    if (size < LENGTH_BYTES) return broken("is empty: copy it again");
    const length = Number(start.readBigUInt64LE(0));
    if (length > MOST_HEADER_BYTES || LENGTH_BYTES + length > size) {
      return broken("is cut off within its header, or no safetensors file: copy it again");
    }
    const text = Buffer.alloc(length);
    await handle.read(text, 0, length, LENGTH_BYTES);
    return judged(entriesOf(text.toString("utf8")), { start: LENGTH_BYTES + length, size });
  } catch (error) {
    const why = await whyUnreadable(file, error);
    if (why) throw why;
    throw error;
  }
}

function judged(
  entries: readonly (readonly [string, Entry])[] | undefined,
  { start, size }: { start: number; size: number },
): SafetensorsState {
  if (!entries) return broken("has a header that cannot be read: copy it again");
  const end =
    start +
    entries.reduce(
      (
        most,
        [
          ,
          {
            data_offsets: [, to],
          },
        ],
      ) => Math.max(most, to),
      0,
    );
  if (end > size) return broken(`is cut off: ${size} of ${end} bytes are there; copy it again`);
  if (end < size) return broken(`has ${size - end} bytes too many: copy it again`);
  const odd = entries.find(([, entry]) => !fits(entry)) ?? firstGap(entries);
  if (odd) return broken(`says of ${odd[0]} what cannot be: copy it again`);
  return { state: "whole", bytes: size, shapes: new Map(entries.map(([name, { shape }]) => [name, shape])) };
}

function fits({ dtype, shape, data_offsets: [from, to] }: Entry): boolean {
  const [bytes] = TYPES.find(([, names]) => names.includes(dtype)) ?? [];
  return bytes === undefined
    ? to >= from
    : shape.reduce((product, side) => product * side, bytes) === to - from;
}

/** Tensors lie one behind the other, without room between them. */
function firstGap(entries: readonly (readonly [string, Entry])[]): readonly [string, Entry] | undefined {
  const sorted = entries.toSorted(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  return sorted.find(([, entry], at) => entry.data_offsets[0] !== (sorted[at - 1]?.[1].data_offsets[1] ?? 0));
}

function entriesOf(header: string): readonly (readonly [string, Entry])[] | undefined {
  try {
    const { __metadata__: _, ...rest } = Header.parse(JSON.parse(header));
    return Object.entries(rest).map(([name, entry]) => [name, Entry.parse(entry)] as const);
  } catch {
    return undefined;
  }
}

function broken(why: string): SafetensorsState {
  return { state: "broken", why };
}
