import type { ModelStreamInferResponse } from "@followspot/schema/inference/grpc_service";
import type { InnerCallOptions } from "./call.ts";
import type { Connection } from "./grpc/connection.ts";
import { runCall } from "./grpc/run-call.ts";
import type { CallParts } from "./grpc/start-call.ts";
import type { InferenceError } from "./inference-error.ts";

/** Responses that may wait for the reader before the server is made to wait. */
const UNREAD_MAX = 32;

/**
 * One stream for one request: yields what comes until the server ends the stream. Leaving the loop early cancels the
 * call. @throws InferenceError
 */
export async function* callStream(
  connection: Connection,
  { decode, ...parts }: CallParts & { readonly decode: (message: Buffer) => ModelStreamInferResponse },
  options: InnerCallOptions,
): AsyncGenerator<ModelStreamInferResponse, void, undefined> {
  const unread: Buffer[] = [];
  let failure: InferenceError | undefined;
  let ended = false;
  let changed = Promise.withResolvers<void>();
  const call = runCall(connection, parts, {
    options,
    listener: {
      onMessage: (message) => {
        unread.push(message);
        if (unread.length >= UNREAD_MAX) call.pause();
        changed.resolve();
      },
      onEnd: (error) => {
        failure = error;
        ended = true;
        changed.resolve();
      },
    },
  });
  try {
    for (;;) {
      const message = unread.shift();
      if (message) {
        yield decode(message);
        continue;
      }
      if (ended) break;
      changed = Promise.withResolvers<void>();
      call.resume();
      await changed.promise;
    }
    if (failure) throw failure;
  } finally {
    call.cancel();
  }
}
