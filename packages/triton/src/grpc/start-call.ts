import { status } from "@grpc/grpc-js";
import type { ServerAddress } from "../channel.ts";
import { encodeHeaders } from "../http2/headers.ts";
import { ErrorCode } from "../http2/http2-error.ts";
import type { Http2Session } from "../http2/session.ts";
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
  session: Http2Session,
  { body, ...head }: CallParts & { readonly address: ServerAddress; readonly leftMs: number },
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
    session.reset(stream, ErrorCode.cancel);
    end(error);
  };

  const stream = session.request(callHeaders(head), body, {
    onHeaders: (received) => {
      final ??= statusOf(received);
      if (answered) return;
      // Headers with a status are the trailers already, and what a proxy says is not the server's: nothing was answered.
      const failure = final === undefined ? httpFailure(received) : undefined;
      answered = final === undefined && failure === undefined;
      if (failure) cancel(failure);
    },
    onData: (chunk) => {
      try {
        for (const message of reader.push(chunk)) listener.onMessage(message);
      } catch (error) {
        cancel(asUnreadable(error));
      }
    },
    onClose: (closed) => {
      if (final === undefined) end(unfinished(closed));
      else if (final.code !== status.OK) end(new GrpcStatusError(final.code, final.details));
      else if (reader.pending) end(new GrpcStatusError(status.INTERNAL, "the last message was cut off"));
      else end();
    },
  });
  return { cancel, pause: () => session.pause(stream), resume: () => session.resume(stream) };
}

function callHeaders({
  address,
  path,
  headers,
  leftMs,
}: Omit<CallParts, "body"> & { readonly address: ServerAddress; readonly leftMs: number }): Buffer {
  return encodeHeaders([
    [":method", "POST"],
    [":scheme", address.secure ? "https" : "http"],
    [":path", path],
    [":authority", address.target],
    ["te", "trailers"],
    ["content-type", "application/grpc"],
    ["grpc-timeout", `${Math.ceil(Math.min(leftMs, MAX_TIMEOUT_MS))}m`],
    ...Object.entries(headers),
  ]);
}

function asUnreadable(error: unknown): GrpcStatusError {
  if (error instanceof GrpcStatusError) return error;
  return new GrpcStatusError(status.INTERNAL, `the answer cannot be read: ${String(error)}`, {
    cause: error,
  });
}

/** Why a call ended to which the server had given no status. */
function unfinished(closed: number | Error): GrpcStatusError {
  if (typeof closed === "number") return resetFailure(closed);
  return new GrpcStatusError(status.UNAVAILABLE, `Connection dropped: ${closed.message}`, { cause: closed });
}
