import { status } from "@grpc/grpc-js";

/** A call that ended with another status than OK, ours or the server's. */
export class GrpcStatusError extends Error {
  override readonly name = "GrpcStatusError";
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string, options?: ErrorOptions) {
    super(`${code} ${status[code]}: ${details}`, options);
    this.code = code;
    this.details = details;
  }
}
