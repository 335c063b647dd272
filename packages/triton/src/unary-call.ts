import { InferenceError } from "./inference-error.ts";
import type { InnerCallOptions } from "./call.ts";
import type { Connection } from "./grpc/connection.ts";
import { runCall } from "./grpc/run-call.ts";
import type { CallParts } from "./grpc/start-call.ts";

/** One call, one answer. @throws InferenceError */
export async function callUnary<Response>(
  connection: Connection,
  { decode, ...parts }: CallParts & { readonly decode: (message: Buffer) => Response },
  options: InnerCallOptions,
): Promise<Response> {
  const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
    let message: Buffer | undefined;
    runCall(connection, parts, {
      options,
      listener: {
        onMessage: (received) => (message ??= received),
        onEnd: (error) => (error ? reject(error) : resolve(message)),
      },
    });
  });
  if (!answer) throw new InferenceError("malformed-answer", "the server ended the call without an answer");
  return decode(answer);
}
