import { status } from "@grpc/grpc-js";

/** A failure with the status and the words that a real Triton gives. */
export class GrpcFailure extends Error {
  override readonly name = "GrpcFailure";
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

export function unknownModel(name: string, what: string): GrpcFailure {
  return new GrpcFailure(status.NOT_FOUND, `Request for unknown model: '${name}' ${what}`);
}

export function invalid(details: string): GrpcFailure {
  return new GrpcFailure(status.INVALID_ARGUMENT, details);
}
