import { PictureRefused } from "./drop-reasons.ts";
import { type HuffmanTable, type JpegTables, LOOKUP_BITS, readJpegTables } from "./jpeg-tables.ts";

/** The brightness of a picture, one value (0 to 255) for each 8 x 8 block of it. */
export interface LumaBlocks {
  readonly columns: number;
  readonly rows: number;
  readonly luma: Float32Array;
}

/**
 * The mean brightness of each block, which a JPEG holds as such: the whole scan is walked, so that damage is noticed, but
 * nothing is transformed. A third of the time that a library takes to shrink the picture, and no wait for its threads.
 * Undefined for JPEGs that are not ordinary (progressive, other colours). @throws PictureRefused where it is damaged
 */
export function readLumaBlocks(jpeg: Uint8Array): LumaBlocks | undefined {
  const tables = readJpegTables(jpeg);
  if (!tables) return undefined;
  const plan = planScan(tables);
  return plan && walkScan(jpeg, tables, plan);
}

/** One block of an MCU, in the order of the scan. */
interface PlannedBlock {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  readonly component: number;
  /** Place within the MCU, in blocks; only the first component's blocks are kept. */
  readonly x: number;
  readonly y: number;
}

function planScan({ components, scan, dc, ac }: JpegTables): readonly PlannedBlock[] | undefined {
  // A damaged frame header may have been skipped: without it there is nothing to read by.
  if (components.length === 0) return undefined;
  const blocks: PlannedBlock[] = [];
  for (const [component, { id, h, v }] of components.entries()) {
    const chosen = scan[component];
    const dcTable = chosen && dc.get(chosen.dc);
    const acTable = chosen && ac.get(chosen.ac);
    if (chosen?.id !== id || !dcTable || !acTable) return undefined;
    // The only component of a scan comes block by block, whatever its sampling says.
    const [across, down] = components.length === 1 ? [1, 1] : [h, v];
    for (let y = 0; y < down; y += 1) {
      for (let x = 0; x < across; x += 1) blocks.push({ dc: dcTable, ac: acTable, component, x, y });
    }
  }
  return blocks;
}

function damaged(): PictureRefused {
  return new PictureRefused("truncated", "the picture is damaged or ends too early");
}

/** Symbols are read bit by bit here, a hundred thousand times a picture: one function, local variables only. */
function walkScan(jpeg: Uint8Array, tables: JpegTables, plan: readonly PlannedBlock[]): LumaBlocks {
  const { width, height, components, restartInterval } = tables;
  const { h, v } = components.length === 1 ? { h: 1, v: 1 } : (components[0] as { h: number; v: number });
  const step = tables.meanSteps.get(components[0]?.quantization ?? 0) ?? 1;
  const columns = Math.ceil(width / 8);
  const rows = Math.ceil(height / 8);
  const mcuColumns = Math.ceil(width / (8 * h));
  const mcuRows = Math.ceil(height / (8 * v));
  const luma = new Float32Array(columns * rows);
  const means = new Int32Array(components.length);
  let at = tables.scanAt;
  let bits = 0;
  let held = 0;
  // Zeros that stand for bits behind the end of the data; to have used one means that the data ended too early.
  let invented = 0;

  for (let mcu = 0; mcu < mcuColumns * mcuRows; mcu += 1) {
    if (restartInterval > 0 && mcu > 0 && mcu % restartInterval === 0) {
      while (jpeg[at] === 0xff && jpeg[at + 1] === 0xff) at += 1;
      const marker = jpeg[at + 1] ?? 0;
      if (jpeg[at] !== 0xff || marker < 0xd0 || marker > 0xd7) throw damaged();
      at += 2;
      bits = held = invented = 0;
      means.fill(0);
    }
    const mcuX = (mcu % mcuColumns) * h;
    const mcuY = Math.floor(mcu / mcuColumns) * v;
    for (const block of plan) {
      for (let place = 0; place < 64; ) {
        while (held <= 24) {
          const byte = jpeg[at];
          if (byte === 0xff && jpeg[at + 1] === 0) at += 2;
          else if (byte === 0xff || byte === undefined) {
            bits <<= 8;
            held += 8;
            invented += 8;
            continue;
          } else at += 1;
          bits = (bits << 8) | byte;
          held += 8;
        }
        const table = place === 0 ? block.dc : block.ac;
        let symbol: number;
        const entry = table.short[(bits >>> (held - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)] as number;
        if (entry > 0) {
          symbol = entry >> 5;
          held -= entry & 31;
        } else {
          let length = LOOKUP_BITS + 1;
          let code = (bits >>> (held - length)) & ((1 << length) - 1);
          while (length <= 16 && code > (table.greatest[length] as number)) {
            length += 1;
            code = (bits >>> (held - length)) & ((1 << length) - 1);
          }
          if (length > 16) throw damaged();
          symbol = table.symbols[code + (table.offset[length] as number)] as number;
          held -= length;
        }
        const size = symbol & 15;
        if (place > 0) {
          if (size === 0) {
            // End of block, or sixteen zeros.
            if (symbol !== 0xf0) break;
            place += 16;
            continue;
          }
          // At least 25 bits were held, a code has 16 at most: a long value may want more than what is left.
          if (size > held) {
            ({ at, bits, held, invented } = refill(jpeg, { at, bits, held, invented }));
          }
          held -= size;
          place += (symbol >> 4) + 1;
          continue;
        }
        if (symbol > 11) throw damaged();
        if (size > held) {
          ({ at, bits, held, invented } = refill(jpeg, { at, bits, held, invented }));
        }
        if (size > 0) {
          held -= size;
          const value = (bits >>> held) & ((1 << size) - 1);
          means[block.component] =
            (means[block.component] as number) + (value < 1 << (size - 1) ? value - (1 << size) + 1 : value);
        }
        place = 1;
      }
      if (held < invented) throw damaged();
      if (block.component !== 0) continue;
      const column = mcuX + block.x;
      const row = mcuY + block.y;
      if (column < columns && row < rows) {
        const mean = ((means[0] as number) * step) / 8 + 128;
        luma[row * columns + column] = Math.min(255, Math.max(0, mean));
      }
    }
  }
  return { columns, rows, luma };
}

interface BitState {
  at: number;
  bits: number;
  held: number;
  invented: number;
}

/** The same as at the start of a symbol; rare, so it may be a call. */
function refill(jpeg: Uint8Array, { at, bits, held, invented }: BitState): BitState {
  while (held <= 24) {
    const byte = jpeg[at];
    bits <<= 8;
    held += 8;
    if (byte === undefined || (byte === 0xff && jpeg[at + 1] !== 0)) invented += 8;
    else {
      bits |= byte;
      at += byte === 0xff ? 2 : 1;
    }
  }
  return { at, bits, held, invented };
}
