import { DeadlineExceeded } from "@followspot/runtime";
import { InferenceError } from "./inference-error.ts";

export interface CallOptions {
  /** Ends the call here and, by a reset of its stream, at the server. */
  readonly signal?: AbortSignal | undefined;
  /** From now on, in milliseconds; retries of the channel included. The server sees its expiry as a cancel. */
  readonly deadlineMs: number;
}

/** What a call of this package needs besides. */
export interface InnerCallOptions extends CallOptions {
  /** Aborts when the client closes. */
  readonly closing: AbortSignal;
}

/** Why the call has no sense any more, or undefined while it has. */
export function givenUp({ signal, closing }: InnerCallOptions): InferenceError | undefined {
  const aborted = signal?.aborted ? signal : closing.aborted ? closing : undefined;
  return aborted && errorOfAbort(aborted);
}

/** @throws InferenceError where there is no sense in starting the call at all */
export function refuseLateCall(options: InnerCallOptions): void {
  const reason = givenUp(options);
  if (reason) throw reason;
  if (!(options.deadlineMs > 0)) {
    throw new InferenceError("deadline-exceeded", "the deadline had passed before the call");
  }
}

/** Cancels when either side gives up. Returns what takes the listeners away again. */
export function cancelWith({ signal, closing }: InnerCallOptions, cancel: () => void): () => void {
  signal?.addEventListener("abort", cancel);
  closing.addEventListener("abort", cancel);
  return () => {
    signal?.removeEventListener("abort", cancel);
    closing.removeEventListener("abort", cancel);
  };
}

// A deadline stays a deadline, whoever watched it.
function errorOfAbort({ reason: cause }: AbortSignal): InferenceError {
  const late =
    cause instanceof DeadlineExceeded || (cause instanceof DOMException && cause.name === "TimeoutError");
  const message = cause instanceof Error ? cause.message : `the call was given up: ${String(cause)}`;
  return new InferenceError(late ? "deadline-exceeded" : "canceled", message, { cause });
}
