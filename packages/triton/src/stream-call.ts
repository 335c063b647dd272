import type { ModelInferRequest, ModelStreamInferResponse } from "@followspot/schema/inference/grpc_service";
import type { Client, MethodDefinition } from "@grpc/grpc-js";
import { cancelWith, givenUp, type InnerCallOptions, refuseLateCall } from "./call.ts";
import { InferenceError } from "./inference-error.ts";

/** Responses that may wait for the reader before the server is made to wait. */
const UNREAD_MAX = 32;

/**
 * One stream for one request: writes it, ends its half, yields what comes until the server ends the stream.
 * Leaving the loop early cancels the call. @throws InferenceError
 */
export async function* callStream(
  client: Client,
  method: MethodDefinition<ModelInferRequest, ModelStreamInferResponse>,
  request: ModelInferRequest,
  options: InnerCallOptions,
): AsyncGenerator<ModelStreamInferResponse, void, undefined> {
  refuseLateCall(options);
  const call = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    options.metadata,
    { deadline: Date.now() + options.deadlineMs },
  );
  const unread: ModelStreamInferResponse[] = [];
  let failure: unknown;
  let ended = false;
  let changed = Promise.withResolvers<void>();
  const release = cancelWith(options, () => call.cancel());
  call.on("data", (response: ModelStreamInferResponse) => {
    unread.push(response);
    if (unread.length >= UNREAD_MAX) call.pause();
    changed.resolve();
  });
  // grpc-js emits the error and then the status. The listener stays for good: a late error must not be uncaught.
  call.on("error", (error: unknown) => {
    failure ??= error;
  });
  call.on("status", () => {
    ended = true;
    changed.resolve();
  });
  call.write(request);
  call.end();
  try {
    for (;;) {
      const response = unread.shift();
      if (response) {
        yield response;
        continue;
      }
      if (ended) break;
      changed = Promise.withResolvers<void>();
      call.resume();
      await changed.promise;
    }
    if (failure !== undefined) throw givenUp(options) ?? InferenceError.from(failure);
  } finally {
    release();
    if (!ended) call.cancel();
  }
}
