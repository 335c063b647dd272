import { InferenceError } from "./inference-error.ts";
import type { InnerCallOptions } from "./call.ts";
import type { Http2Connection } from "./http2/connection.ts";
import { runCall } from "./http2/run-call.ts";
import type { CallParts } from "./http2/start-call.ts";

/** One call, one answer. @throws InferenceError */
export async function callUnary<Response>(
  connection: Http2Connection,
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
