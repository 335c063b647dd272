import type { ModelInferResponse, ModelStreamInferResponse } from "@followspot/schema/inference/grpc_service";
import { boolParameter } from "./infer-messages.ts";
import { InferenceError } from "./inference-error.ts";
import { reasonFromStreamText } from "./server-texts.ts";

/**
 * The answers to the one request of a stream, up to the final one.
 *
 * A non-empty `error_message` ends it, whatever else the response says: an early error has no final flag and the
 * stream stays open. An empty response that only carries flags is not passed on. A stream that ends without a final
 * flag is complete only where the server never flagged anything (plain KServe); otherwise it was cut off.
 */
export async function* streamAnswer(
  responses: AsyncIterable<ModelStreamInferResponse>,
  request: { readonly id: string },
): AsyncGenerator<ModelInferResponse, void, undefined> {
  let flagged = false;
  let answers = 0;
  for await (const { errorMessage, inferResponse: response } of responses) {
    if (errorMessage) throw new InferenceError(reasonFromStreamText(errorMessage), errorMessage);
    if (!response) throw new InferenceError("malformed-answer", "a stream response without error and answer");
    requireSameId(request, response);
    const final = boolParameter(response, "triton_final_response");
    flagged ||= final !== undefined;
    if (response.outputs.length > 0) {
      answers++;
      yield response;
    }
    if (final) return;
  }
  if (flagged) throw new InferenceError("unavailable", "the stream ended before its final response");
  if (answers === 0) throw new InferenceError("malformed-answer", "the stream ended without an answer");
}

/** @throws InferenceError malformed-answer for the answer to somebody else's request */
export function requireSameId(request: { readonly id: string }, response: ModelInferResponse): void {
  // A server that does not echo the id at all is within the protocol.
  if (response.id && response.id !== request.id) {
    throw new InferenceError("malformed-answer", `asked "${request.id}", and "${response.id}" was answered`);
  }
}
