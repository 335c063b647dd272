import { toBinary } from "@bufbuild/protobuf";
import { type ModelInferRequest, ModelInferRequestSchema } from "@followspot/schema/inference/grpc_service";
import { frameHead } from "./grpc/message-frame.ts";
import { inferHead, type InferRequestParts, type RawContents, rawPieces } from "./infer-messages.ts";

const RAW_INPUT_CONTENTS_TAG = (7 << 3) | 2;
/** Pieces below this are put together; copying them is cheaper than sending them one by one. */
const LARGE_BYTES = 4_096;

/**
 * A request on the wire, with its frame: the same bytes as the general encoder's, in pieces. A picture is sent from
 * where it lies. The general encoder would copy it three times over, which is most of what a call costs; so what is
 * given must not change until the call has ended.
 */
export function inferBody(request: ModelInferRequest | InferRequestParts): readonly Uint8Array[] {
  const { head, contents } = takeApart(request);
  const pieces: Uint8Array[] = [head];
  for (const content of contents) {
    const parts = rawPieces(content);
    pieces.push(contentHead(parts.reduce((sum, { length }) => sum + length, 0)), ...parts);
  }
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  return joinSmall([frameHead(size), ...pieces]);
}

function takeApart(request: ModelInferRequest | InferRequestParts): {
  head: Uint8Array;
  contents: readonly RawContents[];
} {
  if (!("$typeName" in request)) {
    return {
      head: toBinary(ModelInferRequestSchema, inferHead(request)),
      contents: request.inputs.map(({ raw }) => raw),
    };
  }
  const contents = request.rawInputContents;
  request.rawInputContents = [];
  try {
    return { head: toBinary(ModelInferRequestSchema, request), contents };
  } finally {
    request.rawInputContents = contents;
  }
}

function joinSmall(pieces: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.length < LARGE_BYTES) small.push(piece);
    else {
      joined.push(Buffer.concat(small), piece);
      small = [];
    }
  }
  if (small.length > 0) joined.push(Buffer.concat(small));
  return joined;
}

function contentHead(size: number): Uint8Array {
  const bytes = [RAW_INPUT_CONTENTS_TAG];
  let rest = size;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
