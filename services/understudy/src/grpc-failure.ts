import { status } from "@grpc/grpc-js";

/** A refusal, with the status and the words that a Triton gives. */
export class GrpcFailure extends Error {
  override readonly name = "GrpcFailure";
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string, options?: ErrorOptions) {
    super(details, options);
    this.code = code;
    this.details = details;
  }

  static from(error: unknown): GrpcFailure {
    if (error instanceof GrpcFailure) return error;
    return new GrpcFailure(status.INTERNAL, error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

export function invalid(details: string): GrpcFailure {
  return new GrpcFailure(status.INVALID_ARGUMENT, details);
}
