import { status } from "@grpc/grpc-js";
import type { Headers } from "../http2/headers.ts";
import { ErrorCode } from "../http2/http2-error.ts";
import { GrpcStatusError } from "./grpc-status-error.ts";

/** What a proxy's answer without a gRPC status means. (gRPC over HTTP/2, "HTTP to gRPC Status Code Mapping") */
const BY_HTTP_STATUS: Readonly<Record<number, status>> = {
  400: status.INTERNAL,
  401: status.UNAUTHENTICATED,
  403: status.PERMISSION_DENIED,
  404: status.UNIMPLEMENTED,
  429: status.UNAVAILABLE,
  502: status.UNAVAILABLE,
  503: status.UNAVAILABLE,
  504: status.UNAVAILABLE,
};

/** What a stream that the server reset means. (gRPC over HTTP/2, "Errors") */
const BY_RESET: Readonly<Record<number, status>> = {
  [ErrorCode.refusedStream]: status.UNAVAILABLE,
  [ErrorCode.cancel]: status.CANCELLED,
  [ErrorCode.enhanceYourCalm]: status.RESOURCE_EXHAUSTED,
  [ErrorCode.inadequateSecurity]: status.PERMISSION_DENIED,
};

/** The status in trailers, or in headers that are trailers at once; undefined where there is none. */
export function statusOf(headers: Headers): { code: status; details: string } | undefined {
  const text = headers.get("grpc-status");
  if (text === undefined) return undefined;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : status.UNKNOWN;
  const code: status = status[number] === undefined ? status.UNKNOWN : number;
  return { code, details: decoded(headers.get("grpc-message") ?? "") };
}

/** The failure behind an answer that is no gRPC answer, or undefined where it may be one. */
export function httpFailure(headers: Headers): GrpcStatusError | undefined {
  const httpStatus = Number(headers.get(":status"));
  if (httpStatus === 200) return undefined;
  const code = BY_HTTP_STATUS[httpStatus] ?? status.UNKNOWN;
  return new GrpcStatusError(code, `Received HTTP status code ${httpStatus}`);
}

export function resetFailure(code: number): GrpcStatusError {
  return new GrpcStatusError(BY_RESET[code] ?? status.INTERNAL, `Received RST_STREAM with code ${code}`);
}

function decoded(details: string): string {
  try {
    return decodeURIComponent(details);
  } catch {
    return details;
  }
}
