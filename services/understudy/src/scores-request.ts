import { isId } from "@followspot/domain";
import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { decodeBytes, SCORES_OUTPUTS } from "@followspot/triton";
import { invalid } from "./grpc-failure.ts";
import { checkInputs } from "./model-signature.ts";

/** A request of the `scores` contract, read. */
export interface ScoresRequest {
  /** A copy: the message may go. */
  readonly picture: Uint8Array;
  readonly labels: readonly string[] | undefined;
  /** Names of the outputs that are wanted, in the order in which they are to be sent. */
  readonly outputs: readonly string[];
}

const MAX_LABELS = 512;

/** Raw contents and typed contents are both taken, as Triton does. @throws GrpcFailure INVALID_ARGUMENT */
export function readScoresRequest(request: ModelInferRequest): ScoresRequest {
  checkInputs(request);
  const prefix = `[request id: ${request.id || "<id_unknown>"}] `;
  const [picture] = elements(request, "image", prefix);
  if (!picture) throw invalid(`${prefix}input 'image' is missing`);
  const given = request.inputs.some(({ name }) => name === "labels")
    ? strings(request, "labels", prefix)
    : [];
  if (given.length > MAX_LABELS) {
    throw invalid(`${prefix}input 'labels' has ${given.length} labels, at most ${MAX_LABELS} are allowed`);
  }
  const odd = given.find((label) => !isId(label));
  if (odd !== undefined) throw invalid(`${prefix}input 'labels': "${odd.slice(0, 64)}" is no cast id`);
  for (const { name } of request.outputs) {
    if (!SCORES_OUTPUTS.some((output) => output.name === name)) {
      throw invalid(`${prefix}unexpected inference output '${name}' for model '${request.modelName}'`);
    }
  }
  const wanted = request.outputs.map(({ name }) => name);
  return {
    picture,
    // An empty list asks for nothing in particular.
    labels: given.length > 0 ? given : undefined,
    outputs: wanted.length > 0 ? wanted : SCORES_OUTPUTS.map(({ name }) => name),
  };
}

function strings(request: ModelInferRequest, name: string, prefix: string): string[] {
  const decoded = elements(request, name, prefix);
  const text = new TextDecoder("utf-8", { fatal: true });
  try {
    return decoded.map((element) => text.decode(element));
  } catch {
    throw invalid(`${prefix}input '${name}' is not UTF-8`);
  }
}

function elements(request: ModelInferRequest, name: string, prefix: string): Uint8Array[] {
  const at = request.inputs.findIndex((input) => input.name === name);
  const input = request.inputs[at];
  if (!input) return [];
  const count = Number(input.shape[0] ?? 0n);
  if (request.rawInputContents.length === 0) {
    const contents = input.contents?.bytesContents ?? [];
    if (contents.length !== count)
      throw invalid(`${prefix}input '${name}' has ${contents.length} elements, not ${count}`);
    return contents.map((content) => Uint8Array.from(content));
  }
  const raw = request.rawInputContents[at];
  if (request.rawInputContents.length !== request.inputs.length || !raw) {
    throw invalid(
      `${prefix}expected ${request.inputs.length} raw input contents for model '${request.modelName}', got ${request.rawInputContents.length}`,
    );
  }
  try {
    return decodeBytes(raw, count);
  } catch (error) {
    throw invalid(`${prefix}input '${name}': ${error instanceof Error ? error.message : String(error)}`);
  }
}
