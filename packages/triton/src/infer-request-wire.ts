import { toBinary } from "@bufbuild/protobuf";
import { type ModelInferRequest, ModelInferRequestSchema } from "@followspot/schema/inference/grpc_service";

const RAW_INPUT_CONTENTS_TAG = (7 << 3) | 2;

/**
 * The same bytes as `toBinary`, at a third of its copies. The general encoder grows its buffer by doubling and slices
 * it in the end; with a picture in it, that garbage is most of what a call costs. Here the size is known beforehand.
 */
export function serializeInferRequest(request: ModelInferRequest): Buffer {
  const contents = request.rawInputContents;
  const head = headOf(request);
  const size = contents.reduce((sum, { length }) => sum + 1 + varintSize(length) + length, head.length);
  const bytes = Buffer.allocUnsafe(size);
  bytes.set(head);
  let at = head.length;
  for (const content of contents) {
    bytes[at++] = RAW_INPUT_CONTENTS_TAG;
    at = writeVarint(bytes, content.length, at);
    bytes.set(content, at);
    at += content.length;
  }
  return bytes;
}

function headOf(request: ModelInferRequest): Uint8Array {
  const contents = request.rawInputContents;
  request.rawInputContents = [];
  try {
    return toBinary(ModelInferRequestSchema, request);
  } finally {
    request.rawInputContents = contents;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function writeVarint(bytes: Buffer, value: number, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}
