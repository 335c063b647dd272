import { createHash } from "node:crypto";
import { ID_PATTERN, oneLine, UserError } from "@followspot/domain";
import { z } from "zod";
import type { UnderstudyModel } from "./model.ts";

/**
 * The file: "FSUM", the format's number and the header's length (32-bit, little-endian), the header as JSON, the
 * numbers (32-bit floats, little-endian: the centre, then each label's prototype and weights), and the SHA-256 of
 * everything before it. The same model is the same bytes.
 */
const MAGIC = "FSUM";
const FORMAT = 2;
const PREFIX_BYTES = 12;
const HASH_BYTES = 32;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_LABELS = 200;

const finite = z.number().finite();
const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const Header = z.object({
  labels: z.array(z.string().regex(ID_PATTERN)).min(1).max(MAX_LABELS),
  seed: count,
  backbone: z.string().regex(/^(onnx-)?[0-9a-f]{12}$/),
  dimensions: count.min(1).max(4_096),
  trust: z.array(share),
  calibration: z.array(z.object({ slope: finite, leadSlope: finite, offset: finite })),
  pictures: count,
  accuracy: z.object({ top1: share, low: share, high: share, subjects: count, scenes: count }).optional(),
});

export function encodeModel(model: UnderstudyModel): Uint8Array {
  const { labels, centre, known, seed, backbone, calibration, pictures, accuracy } = model;
  const dimensions = centre.length;
  const trust = known.map((one) => one.trust);
  const header = Buffer.from(
    JSON.stringify({ labels, seed, backbone, dimensions, trust, calibration, pictures, accuracy }),
  );
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, "latin1");
  prefix.writeUInt32LE(FORMAT, 4);
  prefix.writeUInt32LE(header.length, 8);
  const vectors = [centre, ...known.flatMap(({ prototype, weights }) => [prototype, weights])];
  const body = Buffer.alloc(vectors.length * dimensions * 4);
  for (const [row, vector] of vectors.entries()) {
    for (const [at, value] of vector.entries()) body.writeFloatLE(value, (row * dimensions + at) * 4);
  }
  const content = Buffer.concat([prefix, header, body]);
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
  const bodyAt = PREFIX_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || bodyAt > content.length) throw refused("is damaged: it is cut off");
  const { trust, dimensions, ...header } = parseHeader(bytes.subarray(PREFIX_BYTES, bodyAt));
  const { labels, calibration } = header;
  const fits = trust.length === labels.length && calibration.length === labels.length;
  if (!fits || content.length - bodyAt !== (1 + 2 * labels.length) * dimensions * 4) {
    throw refused("is damaged: its parts do not fit together");
  }
  let row = 0;
  const next = () => readVector(content, bodyAt + row++ * dimensions * 4, dimensions);
  return {
    labels,
    centre: next(),
    known: trust.map((one) => ({ prototype: next(), weights: next(), trust: one })),
    seed: header.seed,
    backbone: header.backbone,
    calibration,
    pictures: header.pictures,
    accuracy: header.accuracy,
  };
}

function readVector(content: Buffer, from: number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (let at = 0; at < dimensions; at++) {
    const value = content.readFloatLE(from + at * 4);
    // A NaN would be like everybody, or like nobody, without a word.
    if (!Number.isFinite(value)) throw refused("is damaged: one of its looks is not a number");
    vector[at] = value;
  }
  return vector;
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
  const problem = oneLine(`${issue?.path.join(".")}: ${issue?.message}`);
  throw refused(`was made by another version of Followspot (${problem})`);
}

function refused(problem: string): UserError {
  return new UserError(`the model file ${problem}; train it again with: followspot train`);
}
