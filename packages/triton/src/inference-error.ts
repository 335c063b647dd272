import { status } from "@grpc/grpc-js";
import { reasonFromText } from "./server-texts.ts";

/**
 * Why there is no usable answer: the closed list, and the one table of what may be tried again.
 * `retryable`: the same request may succeed later. `byChannel`: the channel itself tries again, within the deadline.
 */
const REASONS = {
  /** No connection, or the server is starting or shutting down. */
  unavailable: { retryable: true, byChannel: true, statuses: [status.UNAVAILABLE] },
  /** The server is there, the model is not: unknown, unloaded, or still loading. */
  "model-unavailable": { retryable: true, byChannel: false, statuses: [status.NOT_FOUND] },
  /** The server's queue is full. */
  overloaded: { retryable: true, byChannel: false, statuses: [status.RESOURCE_EXHAUSTED] },
  "deadline-exceeded": { retryable: true, byChannel: false, statuses: [status.DEADLINE_EXCEEDED] },
  /** We gave it up, or the server did while it was shutting down. */
  canceled: { retryable: true, byChannel: false, statuses: [status.CANCELLED] },
  /** The server failed at it. Whoever tries again does so a bounded number of times. */
  failed: {
    retryable: true,
    byChannel: false,
    statuses: [status.UNKNOWN, status.INTERNAL, status.ABORTED, status.DATA_LOSS],
  },
  /** The server will never accept this request. */
  rejected: {
    retryable: false,
    byChannel: false,
    statuses: [
      status.INVALID_ARGUMENT,
      status.FAILED_PRECONDITION,
      status.OUT_OF_RANGE,
      status.UNIMPLEMENTED,
      status.ALREADY_EXISTS,
    ],
  },
  /** The server wants credentials that it did not get. */
  unauthorized: {
    retryable: false,
    byChannel: false,
    statuses: [status.UNAUTHENTICATED, status.PERMISSION_DENIED],
  },
  /** A message over the size limit of the client or the server. */
  "too-large": { retryable: false, byChannel: false, statuses: [] },
  /** The answer breaks the contract: a tensor is missing, of another type or shape, or holds nonsense. */
  "malformed-answer": { retryable: false, byChannel: false, statuses: [] },
  /** The model speaks no contract that can be used here. */
  "unsupported-model": { retryable: false, byChannel: false, statuses: [] },
} as const satisfies Record<string, { retryable: boolean; byChannel: boolean; statuses: readonly status[] }>;

export type InferenceErrorReason = keyof typeof REASONS;

/** Every reason, for counters by reason. */
export const INFERENCE_ERROR_REASONS = Object.keys(REASONS) as readonly InferenceErrorReason[];

const REASON_BY_STATUS = new Map<unknown, InferenceErrorReason>(
  INFERENCE_ERROR_REASONS.flatMap((reason) =>
    REASONS[reason].statuses.map((code) => [code, reason] as const),
  ),
);

/** The names of the gRPC statuses that the channel retries by itself, as a service config wants them. */
export const CHANNEL_RETRIED_STATUSES: readonly string[] = INFERENCE_ERROR_REASONS.filter(
  (reason) => REASONS[reason].byChannel,
).flatMap((reason) => REASONS[reason].statuses.map((code) => status[code]));

/** No usable answer. `reason` is also in the message; what was thrown stays as `cause`. */
export class InferenceError extends Error {
  override readonly name = "InferenceError";
  readonly reason: InferenceErrorReason;

  constructor(reason: InferenceErrorReason, message: string, options?: ErrorOptions) {
    super(`[${reason}] ${message}`, options);
    this.reason = reason;
  }

  get retryable(): boolean {
    return REASONS[this.reason].retryable;
  }

  /** Turns whatever the gRPC client threw into an InferenceError. */
  static from(thrown: unknown): InferenceError {
    if (thrown instanceof InferenceError) return thrown;
    const message = describe(thrown);
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    const reason = reasonFromText(code, message) ?? REASON_BY_STATUS.get(code) ?? "failed";
    return new InferenceError(reason, message, { cause: thrown });
  }
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (!("details" in thrown) || typeof thrown.details !== "string") return thrown.message;
  // Node drops a trailer that ends in a space, as the text of Triton's refusal of a shape does.
  return thrown.details || `${thrown.message.replace(/:\s*$/, "")}, without a text from the server`;
}
