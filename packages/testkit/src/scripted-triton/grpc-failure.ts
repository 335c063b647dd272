import { status } from "@grpc/grpc-js";

/**
 * Who refused, which on a stream makes the difference. `call`: the call as a whole, by its status. `server`: the
 * request, by an error message with its id. `model`: the same, with the model's name and the final flag.
 */
export type FailureStage = "call" | "server" | "model";

/** A failure with the status and the words that a real Triton gives. */
export class GrpcFailure extends Error {
  override readonly name = "GrpcFailure";
  readonly code: status;
  readonly details: string;
  readonly stage: FailureStage;

  constructor(code: status, details: string, stage: FailureStage = "server") {
    super(details);
    this.code = code;
    this.details = details;
    this.stage = stage;
  }

  /** As a unary call sees it: Node drops the trailer of a C++ server whose text ends in a space. */
  get unary(): { code: status; details: string } {
    return { code: this.code, details: this.details.endsWith(" ") ? "" : this.details };
  }
}

export function unknownModel(name: string, what: string): GrpcFailure {
  return new GrpcFailure(status.NOT_FOUND, `Request for unknown model: '${name}' ${what}`);
}

/** Refused before it reached the model. */
export function invalid(details: string): GrpcFailure {
  return new GrpcFailure(status.INVALID_ARGUMENT, details);
}

/** Refused by the model itself. */
export function refusedByModel(details: string, code = status.INVALID_ARGUMENT): GrpcFailure {
  return new GrpcFailure(code, details, "model");
}
