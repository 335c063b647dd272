import { status } from "@grpc/grpc-js";
import { cancelWith, givenUp, type InnerCallOptions, refuseLateCall } from "../call.ts";
import { CHANNEL_RETRIED_STATUSES, InferenceError } from "../inference-error.ts";
import type { Http2Session } from "../http2/session.ts";
import type { Connection } from "./connection.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";
import { type CallParts, type RunningCall, startCall } from "./start-call.ts";

/** Attempts in all, while the server has not begun to answer. The call's deadline ends them too. */
const MAX_ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 20;
const LONGEST_BACKOFF_MS = 200;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface RunListener {
  /** Shares memory with what came. */
  onMessage(message: Buffer): void;
  /** Once, at the end; undefined stands for OK. */
  onEnd(error: InferenceError | undefined): void;
}

/**
 * A call with everything that may happen to it: the connection is opened where there is none, UNAVAILABLE is tried
 * again while nothing was answered, and the deadline, the signal and the closing of the client end it.
 * @throws InferenceError where there is no sense in starting it at all
 */
export function runCall(
  connection: Connection,
  parts: CallParts,
  { options, listener }: { options: InnerCallOptions; listener: RunListener },
): Pick<RunningCall, "pause" | "resume"> & { readonly cancel: () => void } {
  refuseLateCall(options);
  const endsAtMs = performance.now() + options.deadlineMs;
  let attempt: RunningCall | undefined;
  let backoff: NodeJS.Timeout | undefined;
  let attempts = 0;
  let ended = false;

  const end = (error?: GrpcStatusError) => {
    if (ended) return;
    ended = true;
    clearTimeout(deadline);
    clearTimeout(backoff);
    release();
    listener.onEnd(error && (givenUp(options) ?? InferenceError.from(error)));
  };
  const giveUp = (error: GrpcStatusError) => {
    const running = attempt;
    end(error);
    running?.cancel(error);
  };
  const cancel = () => giveUp(new GrpcStatusError(status.CANCELLED, "the call was given up"));

  const begin = () => {
    attempts++;
    const { open } = connection;
    if (open) start(open);
    else connection.session().then(start, (error: unknown) => failed(asStatus(error)));
  };
  const start = (session: Http2Session) => {
    if (ended) return;
    try {
      attempt = startCall(
        session,
        { ...parts, address: connection.address, leftMs: Math.max(1, endsAtMs - performance.now()) },
        {
          onMessage: (message) => {
            if (!ended) listener.onMessage(message);
          },
          onEnd: (error, answered) => {
            attempt = undefined;
            if (error && !answered) failed(error);
            else end(error);
          },
        },
      );
    } catch (error) {
      // It was closing at this very moment.
      failed(asStatus(error));
    }
  };
  const failed = (error: GrpcStatusError) => {
    if (ended) return;
    if (attempts >= MAX_ATTEMPTS || !CHANNEL_RETRIED_STATUSES.includes(status[error.code] ?? "")) {
      end(error);
      return;
    }
    const longestMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempts - 1));
    backoff = setTimeout(begin, Math.random() * longestMs);
  };

  const late = () =>
    giveUp(
      new GrpcStatusError(status.DEADLINE_EXCEEDED, `no answer within ${Math.round(options.deadlineMs)} ms`),
    );
  const deadline = setTimeout(late, Math.min(options.deadlineMs, LONGEST_TIMER_MS));
  const release = cancelWith(options, cancel);
  begin();
  return { cancel, pause: () => attempt?.pause(), resume: () => attempt?.resume() };
}

function asStatus(error: unknown): GrpcStatusError {
  if (error instanceof GrpcStatusError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GrpcStatusError(status.UNAVAILABLE, message, { cause: error });
}
