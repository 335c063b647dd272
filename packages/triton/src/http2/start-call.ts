import { type ClientHttp2Session, constants, type OutgoingHttpHeaders } from "node:http2";
import { status } from "@grpc/grpc-js";
import { GrpcStatusError } from "./grpc-status-error.ts";
import { MessageReader } from "./message-reader.ts";
import { httpFailure, resetFailure, statusOf } from "./stream-status.ts";

/**
 * Answers hold scores, boxes and texts. Past this a server is not ours; gRPC's usual 4 MiB would refuse the log
 * probabilities of a long text.
 */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_TIMEOUT_MS = 99_999_999;

export interface CallParts {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The one request message with its frame, in pieces that are sent as they are. */
  readonly body: readonly Uint8Array[];
}

export interface CallListener {
  /** Shares memory with what came. */
  onMessage(message: Buffer): void;
  /** Once, at the end; undefined stands for OK. `answered`: whether the server had begun to answer. */
  onEnd(error: GrpcStatusError | undefined, answered: boolean): void;
}

export interface RunningCall {
  /** Ends it here, and at the server by a reset of its stream. Nothing is heard of it any more but its end. */
  cancel(error: GrpcStatusError): void;
  /** Makes the server wait with further messages, as soon as the window is full. */
  pause(): void;
  resume(): void;
}

/**
 * One gRPC call on an open connection, with one request message.
 * @param leftMs told to the server, which gives up by itself then; the caller watches the clock
 * @throws Error where the connection takes no more calls
 */
export function startCall(
  session: ClientHttp2Session,
  { path, headers, body, leftMs }: CallParts & { readonly leftMs: number },
  listener: CallListener,
): RunningCall {
  let ended = false;
  let answered = false;
  let final: { code: status; details: string } | undefined;
  const reader = new MessageReader(MAX_ANSWER_BYTES);
  const end = (error?: GrpcStatusError) => {
    if (ended) return;
    ended = true;
    listener.onEnd(error, answered);
  };
  const cancel = (error: GrpcStatusError) => {
    if (ended) return;
    end(error);
    stream.close(constants.NGHTTP2_CANCEL);
  };
  const settle = () => {
    if (final === undefined) return;
    if (final.code !== status.OK) end(new GrpcStatusError(final.code, final.details));
    else if (reader.pending) end(new GrpcStatusError(status.INTERNAL, "the last message was cut off"));
    else end();
  };

  const stream = session.request(
    {
      ...headers,
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      [constants.HTTP2_HEADER_TE]: "trailers",
      "grpc-timeout": `${Math.ceil(Math.min(leftMs, MAX_TIMEOUT_MS))}m`,
    } satisfies OutgoingHttpHeaders,
    { endStream: false },
  );
  stream.on("response", (received) => {
    answered = true;
    final = statusOf(received);
    // Headers with a status are the trailers already: nothing was answered.
    if (final) answered = false;
    else {
      const failure = httpFailure(received);
      if (failure) cancel(failure);
    }
  });
  stream.on("trailers", (received) => {
    final ??= statusOf(received);
    // The end that follows a moment later says nothing more, unless somebody has not read everything yet.
    if (stream.readableLength === 0) settle();
  });
  stream.on("data", (chunk: Buffer) => {
    if (ended) return;
    try {
      for (const message of reader.push(chunk)) listener.onMessage(message);
    } catch (error) {
      cancel(
        error instanceof GrpcStatusError
          ? error
          : new GrpcStatusError(status.INTERNAL, `the answer cannot be read: ${String(error)}`, {
              cause: error,
            }),
      );
    }
  });
  stream.on("end", settle);
  // The close that follows says which reset it was.
  stream.on("error", () => {});
  stream.on("close", () => {
    settle();
    if (ended) return;
    if (session.destroyed || session.closed)
      end(new GrpcStatusError(status.UNAVAILABLE, "Connection dropped"));
    else end(resetFailure(stream.rstCode ?? constants.NGHTTP2_NO_ERROR));
  });
  stream.cork();
  for (const piece of body) stream.write(piece);
  stream.end();
  stream.uncork();
  return { cancel, pause: () => stream.pause(), resume: () => stream.resume() };
}
