import { oneLine, UserError } from "@followspot/domain";
import { z } from "zod";
import { fromFloat16 } from "./float16.ts";

/**
 * The file (`.fsb`): "FSB1", the header's length (32-bit, little-endian), the header as JSON, then, as little-endian
 * 16-bit floats and in the header's order, every layer's weights ([out][in][row][column]) and bias ([out]), and every
 * extra matrix, row by row. Nothing follows.
 */
const MAGIC = "FSB1";
const VERSION = 1;
const PREFIX_BYTES = 8;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_HEADER_BYTES = 256 * 1024;
const MAX_LAYERS = 64;
const MAX_CHANNELS = 1024;
const MAX_EXTRAS = 32;
const MAX_SIDE = 65_536;

/** The name that layers call the picture by. */
export const IMAGE = "image";

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
const side = z.number().int().min(1).max(MAX_SIDE);
const channels = z.number().int().min(1).max(MAX_CHANNELS);
const channelNumbers = z.array(z.number().min(-100).max(100)).length(3);
const Layer = z.strictObject({
  name,
  kind: z.enum(["conv3", "conv1"]),
  stride: z.union([z.literal(1), z.literal(2)]),
  in: channels,
  out: channels,
  relu: z.boolean(),
  input: name,
  add: name.optional(),
});
const Header = z.strictObject({
  version: z.literal(VERSION),
  mean: channelNumbers,
  std: channelNumbers.refine((values) => values.every((value) => value >= 1e-3), "at least 0.001"),
  layers: z.array(Layer).min(1).max(MAX_LAYERS),
  outputs: z.strictObject({ fine: name, deep: name, wide: name.optional(), figure: name }),
  extras: z.record(name, z.strictObject({ rows: side, cols: side })),
});

export type NetworkHeader = z.infer<typeof Header>;

export interface NetworkLayer {
  readonly name: string;
  /** Side of the square of taps: 1, or 3 with one pixel of zeros around the input. */
  readonly taps: 1 | 3;
  readonly stride: 1 | 2;
  readonly in: number;
  readonly out: number;
  readonly relu: boolean;
  /** Places in the list of layers; -1 is the picture. */
  readonly input: number;
  /** Place of the layer whose map is added before the cut at zero. */
  readonly add: number | undefined;
  /** [out][in][row][column] */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** Row by row. */
  readonly data: Float32Array;
}

export interface Network {
  /** What is taken from red, green and blue in 0 to 1, and what the rest is divided by. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly layers: readonly NetworkLayer[];
  /** Places in the list of layers. */
  readonly outputs: {
    readonly fine: number;
    readonly deep: number;
    readonly wide?: number;
    readonly figure: number;
  };
  readonly extras: Readonly<Record<string, Matrix>>;
}

/** @throws UserError one sentence that says what is wrong with the file. */
export function decodeNetwork(file: Uint8Array): Network {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > MAX_FILE_BYTES) {
    throw refused(`has ${bytes.length} bytes, at most ${MAX_FILE_BYTES} are allowed`);
  }
  if (bytes.length < PREFIX_BYTES || bytes.toString("latin1", 0, 4) !== MAGIC) {
    throw refused(`does not begin with ${MAGIC}, so it is not a network`);
  }
  const headerBytes = bytes.readUInt32LE(4);
  const numbersAt = PREFIX_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || numbersAt > bytes.length) throw refused("is damaged: it is cut off");
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, numbersAt));
  const expected = countNumbers(header) * 2;
  if (bytes.length - numbersAt !== expected) {
    throw refused(`has ${bytes.length - numbersAt} bytes of weights, its header asks for ${expected}`);
  }
  const next = numberReader(bytes, numbersAt);
  return {
    mean: header.mean,
    std: header.std,
    layers: readLayers(header, next),
    outputs: {
      fine: placeOf(header, header.outputs.fine),
      deep: placeOf(header, header.outputs.deep),
      ...(header.outputs.wide === undefined ? {} : { wide: placeOf(header, header.outputs.wide) }),
      figure: placeOf(header, header.outputs.figure),
    },
    extras: Object.fromEntries(
      Object.entries(header.extras).map(([key, { rows, cols }]) => [
        key,
        { rows, cols, data: next(rows * cols) },
      ]),
    ),
  };
}

function parseHeader(text: Buffer): NetworkHeader {
  let json: unknown;
  try {
    json = JSON.parse(text.toString("utf8"));
  } catch {
    throw refused("is damaged: its header cannot be read");
  }
  const result = Header.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw refused(
      `has a header that is not understood (${oneLine(`${issue?.path.join(".")}: ${issue?.message.slice(0, 160)}`)})`,
    );
  }
  const header = result.data;
  if (Object.keys(header.extras).length > MAX_EXTRAS) throw refused(`has more than ${MAX_EXTRAS} extras`);
  return header;
}

function countNumbers({ layers, extras }: NetworkHeader): number {
  let sum = 0;
  for (const layer of layers) sum += layer.out * (layer.in * (layer.kind === "conv3" ? 9 : 1) + 1);
  for (const { rows, cols } of Object.values(extras)) sum += rows * cols;
  return sum;
}

function numberReader(bytes: Buffer, from: number): (count: number) => Float32Array {
  let at = from;
  return (count) => {
    const numbers = new Float32Array(count);
    for (let number = 0; number < count; number++, at += 2) {
      const value = fromFloat16(bytes.readUInt16LE(at));
      if (!Number.isFinite(value)) throw refused("is damaged: one of its weights is not a number");
      numbers[number] = value;
    }
    return numbers;
  };
}

/** Every layer reads what stands before it, and fits it. */
function readLayers(header: NetworkHeader, next: (count: number) => Float32Array): NetworkLayer[] {
  const shapes = new Map([[IMAGE, { place: -1, channels: 3, stride: 1 }]]);
  return header.layers.map((layer, place) => {
    const input = shapes.get(layer.input);
    if (!input) throw refused(`has a layer ${layer.name} that reads ${layer.input}, which is not before it`);
    if (shapes.has(layer.name)) throw refused(`has two layers named ${layer.name}`);
    if (input.channels !== layer.in) {
      throw refused(`has a layer ${layer.name} of ${layer.in} inputs on ${input.channels} channels`);
    }
    const shape = { place, channels: layer.out, stride: input.stride * layer.stride };
    const add = layer.add === undefined ? undefined : shapes.get(layer.add);
    if (layer.add !== undefined) {
      if (!add || add.place < 0) throw refused(`has a layer ${layer.name} that adds no layer before it`);
      if (add.channels !== shape.channels || add.stride !== shape.stride) {
        throw refused(`has a layer ${layer.name} that adds ${layer.add}, which has another shape`);
      }
    }
    shapes.set(layer.name, shape);
    const taps = layer.kind === "conv3" ? 3 : 1;
    return {
      name: layer.name,
      taps,
      stride: layer.stride,
      in: layer.in,
      out: layer.out,
      relu: layer.relu,
      input: input.place,
      add: add?.place,
      weights: next(layer.out * layer.in * taps * taps),
      bias: next(layer.out),
    };
  });
}

function placeOf({ layers }: NetworkHeader, wanted: string): number {
  const place = layers.findIndex((layer) => layer.name === wanted);
  if (place < 0) throw refused(`gives out ${wanted}, which is none of its layers`);
  return place;
}

function refused(problem: string): UserError {
  return new UserError(`the network file ${problem}; put the file back that came with Followspot`);
}
