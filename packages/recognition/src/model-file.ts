import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { ID_PATTERN, UserError } from "@followspot/domain";
import { z } from "zod";
import { NODE_NUMBERS, type Tree } from "./forest.ts";
import type { UnderstudyModel } from "./model.ts";
import { PALETTE_NUMBERS } from "./palette.ts";
import { ZERO_PLACE } from "./planes.ts";

/**
 * The file: "FSUM", the format's number and the header's length (32-bit, little-endian), the header as JSON, the
 * trees (deflated), and the SHA-256 of everything before it. Of each tree come its nodes
 * (16-bit, little-endian), then its leaves (bytes); then come the palettes. The same model is the same bytes.
 */
const MAGIC = "FSUM";
const FORMAT = 1;
const PREFIX_BYTES = 12;
const HASH_BYTES = 32;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_TREES_BYTES = 64 * 1024 * 1024;
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_LABELS = 200;
const MAX_TREES = 256;

const finite = z.number().finite();
const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const Header = z.object({
  labels: z.array(z.string().regex(ID_PATTERN)).min(1).max(MAX_LABELS),
  seed: count,
  places: z.literal(ZERO_PLACE),
  gauges: z.array(z.object({ on: finite, off: finite }).refine(({ on, off }) => on > off)),
  palettes: z.array(count.max(1_000)),
  aspects: z.array(z.array(z.number().min(0.05).max(20)).min(1).max(8)),
  sizePower: share,
  calibration: z.array(z.object({ slope: finite, offset: finite })),
  pictures: count,
  accuracy: z.object({ top1: share, low: share, high: share, subjects: count, scenes: count }).optional(),
  trees: z
    .array(z.object({ nodes: count.min(1).max(16_383), leaves: count.min(1).max(8_192) }))
    .min(1)
    .max(MAX_TREES),
});

export function encodeModel(model: UnderstudyModel): Uint8Array {
  const { labels, seed, gauges, palettes, aspects, sizePower, calibration, pictures, accuracy, forest } =
    model;
  const trees = forest.trees.map(({ nodes, leaves }) => ({
    nodes: nodes.length / NODE_NUMBERS,
    leaves: leaves.length / forest.classes,
  }));
  const header = Buffer.from(
    JSON.stringify({
      labels,
      seed,
      places: ZERO_PLACE,
      gauges,
      palettes: palettes.map((list) => list.length),
      aspects,
      sizePower,
      calibration,
      pictures,
      accuracy,
      trees,
    }),
  );
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, "latin1");
  prefix.writeUInt32LE(FORMAT, 4);
  prefix.writeUInt32LE(header.length, 8);
  const body = Buffer.concat([
    ...forest.trees.flatMap(({ nodes, leaves }) => [nodeBytes(nodes), leaves]),
    ...palettes.flat(),
  ]);
  const content = Buffer.concat([prefix, header, deflateRawSync(body, { level: 9 })]);
  return Buffer.concat([content, createHash("sha256").update(content).digest()]);
}

/** The name that a model goes by: the first 12 digits of its content's hash. */
export function modelVersion(file: Uint8Array): string {
  return Buffer.from(file.subarray(file.length - HASH_BYTES))
    .toString("hex")
    .slice(0, 12);
}

/** @throws UserError one sentence that says what is wrong with the file and what to do. */
export function decodeModel(file: Uint8Array): UnderstudyModel {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > MAX_FILE_BYTES) {
    throw refused(`has ${bytes.length} bytes, at most ${MAX_FILE_BYTES} are allowed`);
  }
  if (bytes.length < PREFIX_BYTES + HASH_BYTES || bytes.toString("latin1", 0, 4) !== MAGIC) {
    throw refused("is not an understudy model");
  }
  if (bytes.readUInt32LE(4) !== FORMAT) {
    throw refused(`has format ${bytes.readUInt32LE(4)}, this Followspot reads format ${FORMAT}`);
  }
  const content = bytes.subarray(0, bytes.length - HASH_BYTES);
  if (!createHash("sha256").update(content).digest().equals(bytes.subarray(content.length))) {
    throw refused("is damaged: its content does not match its hash");
  }
  const headerBytes = bytes.readUInt32LE(8);
  const treesAt = PREFIX_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || treesAt > content.length) throw refused("is damaged: it is cut off");
  const body = inflate(content.subarray(treesAt));
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, treesAt));
  const classes = header.labels.length + 2;
  for (const list of [header.gauges, header.palettes, header.aspects, header.calibration]) {
    if (list.length !== classes - 1) throw refused("is damaged: its parts do not fit together");
  }
  const { labels, seed, gauges, aspects, sizePower, calibration, pictures, accuracy } = header;
  const paletteBytes = header.palettes.reduce((sum, size) => sum + size, 0) * PALETTE_NUMBERS;
  if (paletteBytes > body.length) throw refused("is damaged: its parts do not fit together");
  const palettesAt = body.length - paletteBytes;
  const forest = { trees: readTrees(body.subarray(0, palettesAt), header.trees, classes), classes };
  const palettes = readPalettes(body.subarray(palettesAt), header.palettes);
  return { labels, seed, gauges, palettes, aspects, sizePower, calibration, pictures, accuracy, forest };
}

function inflate(deflated: Buffer): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_TREES_BYTES });
  } catch {
    throw refused("is damaged: its trees cannot be unpacked");
  }
}

function readTrees(
  body: Buffer,
  sizes: readonly { readonly nodes: number; readonly leaves: number }[],
  classes: number,
): Tree[] {
  const expected = sizes.reduce(
    (sum, { nodes, leaves }) => sum + nodes * NODE_NUMBERS * 2 + leaves * classes,
    0,
  );
  if (body.length !== expected) throw refused("is damaged: its parts do not fit together");
  let at = 0;
  return sizes.map((size) => {
    const nodes = new Int16Array(size.nodes * NODE_NUMBERS);
    for (let number = 0; number < nodes.length; number++, at += 2) nodes[number] = body.readInt16LE(at);
    const leaves = Uint8Array.from(body.subarray(at, at + size.leaves * classes));
    at += leaves.length;
    checkNodes(nodes, size);
    return { nodes, leaves };
  });
}

function readPalettes(body: Buffer, sizes: readonly number[]): Uint8Array[][] {
  let at = 0;
  return sizes.map((size) =>
    Array.from({ length: size }, () => {
      at += PALETTE_NUMBERS;
      return Uint8Array.from(body.subarray(at - PALETTE_NUMBERS, at));
    }),
  );
}

/** A walk down the tree must end, in a leaf, and look at places that there are. */
function checkNodes(nodes: Int16Array, size: { readonly nodes: number; readonly leaves: number }): void {
  for (let node = 0; node < size.nodes; node++) {
    const [first = -1, second = -1, , next = 0] = nodes.subarray(
      node * NODE_NUMBERS,
      (node + 1) * NODE_NUMBERS,
    );
    const places = first >= 0 && first <= ZERO_PLACE && second >= 0 && second <= ZERO_PLACE;
    const leads = next < 0 ? -1 - next < size.leaves : next > node && next + 1 < size.nodes;
    if (!places || !leads) throw refused("is damaged: a tree leads nowhere");
  }
}

function parseHeader(text: Buffer): z.infer<typeof Header> {
  let json: unknown;
  try {
    json = JSON.parse(text.toString("utf8"));
  } catch {
    throw refused("is damaged: its header cannot be read");
  }
  const result = Header.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refused(`was made by another version of Followspot (${issue?.path.join(".")}: ${issue?.message})`);
}

function refused(problem: string): UserError {
  return new UserError(`the model file ${problem}; train it again with: followspot train`);
}

function nodeBytes(nodes: Int16Array): Buffer {
  const bytes = Buffer.alloc(nodes.length * 2);
  for (const [at, value] of nodes.entries()) bytes.writeInt16LE(value, at * 2);
  return bytes;
}
