import { readFileSync } from "node:fs";

/** What assembly/kernels.ts exports, explained there; addresses and steps are bytes in `memory`. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  readonly convolve: (
    input: number,
    inputRow: number,
    inputDown: number,
    inputStep: number,
    output: number,
    outputRow: number,
    outputStep: number,
    width: number,
    height: number,
    rows: number,
    taps: number,
    weights: number,
    bias: number,
    add: number,
    relu: number,
  ) => void;
  readonly convolveTiles: (
    input: number,
    inputStep: number,
    output: number,
    outputStep: number,
    width: number,
    height: number,
    weights: number,
    bias: number,
    zeros: number,
    add: number,
    relu: number,
    scratch: number,
    chunk: number,
  ) => void;
  readonly clearBorder: (map: number, width: number, height: number, pixelBytes: number) => void;
  readonly writeImage: (rgb: number, map: number, width: number, height: number, table: number) => void;
}

const PAGE_BYTES = 64 * 1024;

let compiled: WebAssembly.Module | undefined;

/** A new instance with a memory of its own; the module is compiled once a thread. */
export function openKernels(): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("kernels.wasm", import.meta.url)));
  return new WebAssembly.Instance(compiled).exports as unknown as Kernels;
}

/** Makes the memory at least `bytes` large. It never becomes smaller. */
export function reserve({ memory }: Kernels, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
}
