import type { Client, ClientUnaryCall, MethodDefinition } from "@grpc/grpc-js";
import { cancelWith, givenUp, type InnerCallOptions, refuseLateCall } from "./call.ts";
import { InferenceError } from "./inference-error.ts";

/** One call, one answer. @throws InferenceError */
export async function callUnary<Request, Response>(
  client: Client,
  method: MethodDefinition<Request, Response>,
  request: Request,
  options: InnerCallOptions,
): Promise<Response> {
  refuseLateCall(options);
  let call: ClientUnaryCall | undefined;
  const release = cancelWith(options, () => call?.cancel());
  try {
    return await new Promise<Response>((resolve, reject) => {
      call = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        options.metadata,
        { deadline: Date.now() + options.deadlineMs },
        (error, response) => (error || response === undefined ? reject(error) : resolve(response)),
      );
    });
  } catch (error) {
    throw givenUp(options) ?? InferenceError.from(error);
  } finally {
    release();
  }
}
