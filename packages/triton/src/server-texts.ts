import { status } from "@grpc/grpc-js";
import type { InferenceErrorReason } from "./inference-error.ts";

/**
 * The one place that matches texts of others: where Triton or grpc-js use one status for several causes, and where
 * a stream's error message comes without a status at all.
 */
const TEXTS: readonly { code?: status; text: RegExp; reason: InferenceErrorReason }[] = [
  // Triton answers UNAVAILABLE where credentials are missing; trying again would never help.
  { code: status.UNAVAILABLE, text: /^This protocol is restricted/, reason: "unauthorized" },
  { code: status.UNAVAILABLE, text: /exceeds maximum queue size/i, reason: "overloaded" },
  { code: status.RESOURCE_EXHAUSTED, text: /message larger than max/, reason: "too-large" },
];

/** Without a status only the words are left: Triton's own, by what they mean. */
const STREAM_TEXTS: readonly { text: RegExp; reason: InferenceErrorReason }[] = [
  { text: /^Request for unknown model: .*(is not found|no available versions)/, reason: "model-unavailable" },
  { text: /is not at ready state/, reason: "unavailable" },
  { text: /exceeds maximum queue size/i, reason: "overloaded" },
  { text: /Request timeout expired/, reason: "deadline-exceeded" },
  { text: /cancelled/i, reason: "canceled" },
  {
    text: /inference input|unexpected shape|data-type|expected \d+ inputs|expected number of inputs/,
    reason: "rejected",
  },
];

/** The reason that a gRPC error's text tells, or undefined where its status says enough. */
export function reasonFromText(code: unknown, message: string): InferenceErrorReason | undefined {
  return TEXTS.find((known) => known.code === code && known.text.test(message))?.reason;
}

/** The reason behind the `error_message` of a stream response, which carries no status. */
export function reasonFromStreamText(message: string): InferenceErrorReason {
  return STREAM_TEXTS.find((known) => known.text.test(message))?.reason ?? "failed";
}
