import assert from "node:assert/strict";
import { test } from "node:test";
import { status } from "@grpc/grpc-js";
import { CHANNEL_RETRIED_STATUSES, InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import { reasonFromStreamText } from "./server-texts.ts";

const grpcError = (code: status, details: string) =>
  Object.assign(new Error(`${code}: ${details}`), { code, details });

const EXPECTED: readonly [status, string, InferenceErrorReason, boolean][] = [
  [status.UNAVAILABLE, "No connection established", "unavailable", true],
  [status.UNAVAILABLE, "[request id: 1] Exceeds maximum queue size", "overloaded", true],
  [status.UNAVAILABLE, "This protocol is restricted, expecting header 'x'", "unauthorized", false],
  [status.NOT_FOUND, "Request for unknown model: 'x' is not found", "model-unavailable", true],
  [status.DEADLINE_EXCEEDED, "Deadline exceeded", "deadline-exceeded", true],
  [status.CANCELLED, "Cancelled on client", "canceled", true],
  [status.INTERNAL, "the model raised", "failed", true],
  [status.RESOURCE_EXHAUSTED, "queue", "overloaded", true],
  [status.RESOURCE_EXHAUSTED, "Received message larger than max (5242885 vs 4194304)", "too-large", false],
  [status.INVALID_ARGUMENT, "unexpected shape", "rejected", false],
  [
    status.UNIMPLEMENTED,
    "ModelInfer RPC doesn't support models with decoupled transaction policy",
    "rejected",
    false,
  ],
  [status.PERMISSION_DENIED, "no", "unauthorized", false],
];

test("every status, and every text that says more than its status, has one reason", () => {
  for (const [code, details, reason, retryable] of EXPECTED) {
    const thrown = grpcError(code, details);
    const error = InferenceError.from(thrown);
    assert.deepEqual([error.reason, error.retryable], [reason, retryable], details);
    assert.equal(error.message, `[${reason}] ${details}`);
    assert.equal(error.cause, thrown);
  }
});

test("the channel itself retries nothing but UNAVAILABLE", () => {
  assert.deepEqual(CHANNEL_RETRIED_STATUSES, ["UNAVAILABLE"]);
});

test("an inference error stays itself, anything else has failed", () => {
  const error = new InferenceError("rejected", "no");
  assert.equal(InferenceError.from(error), error);
  assert.equal(InferenceError.from("a string").reason, "failed");
  assert.equal(InferenceError.from(grpcError(99 as status, "?")).reason, "failed");
});

test("the error text of a stream, which has no status, has a reason too", () => {
  assert.equal(reasonFromStreamText("Request for unknown model: 'x' is not found"), "model-unavailable");
  assert.equal(reasonFromStreamText("[request id: 1] unexpected shape for input 'image'"), "rejected");
  assert.equal(reasonFromStreamText("something else"), "failed");
});
