import { type CallOptions, InferenceError, type InferenceErrorReason } from "@followspot/triton";

export interface HttpCall extends CallOptions {
  readonly url: string;
  /** Sent as JSON; a GET without. */
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Aborts when the client closes. */
  readonly closing: AbortSignal;
}

/** Log probabilities of a long answer are the largest that comes. */
const MOST_BYTES = 16_000_000;
const QUOTED = 200;

/** Asks a server with JSON and gives its JSON. @throws InferenceError */
export async function callJson(call: HttpCall): Promise<unknown> {
  const { url, body, headers, signal, closing, deadlineMs } = call;
  if (!(deadlineMs > 0))
    throw new InferenceError("deadline-exceeded", "the deadline had passed before the call");
  const late = AbortSignal.timeout(Math.ceil(deadlineMs));
  const either = AbortSignal.any([late, closing, ...(signal ? [signal] : [])]);
  try {
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: either,
    });
    const text = await boundedText(response);
    if (!response.ok) throw refusal(response.status, text);
    return parsed(text);
  } catch (error) {
    throw errorOf(error, { either, late, url });
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new InferenceError("malformed-answer", `the answer has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InferenceError("malformed-answer", `the answer is no JSON: ${quoted(text)}`, { cause });
  }
}

const REASONS: Readonly<Record<number, InferenceErrorReason>> = {
  401: "unauthorized",
  403: "unauthorized",
  404: "model-unavailable",
  408: "deadline-exceeded",
  413: "too-large",
  429: "overloaded",
  // llama.cpp while it loads its model.
  503: "unavailable",
};

function refusal(status: number, text: string): InferenceError {
  const reason = REASONS[status] ?? (status >= 500 ? "failed" : "rejected");
  return new InferenceError(reason, `${status}: ${messageIn(text) ?? quoted(text)}`);
}

/** `{"error":{"message":...}}` */
function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? quoted(error.message) : undefined;
  } catch {
    return undefined;
  }
}

function quoted(text: string): string {
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text;
}

/** What Node's fetch throws; the one place that knows its ways. */
function errorOf(
  error: unknown,
  { either, late, url }: { either: AbortSignal; late: AbortSignal; url: string },
): InferenceError {
  if (error instanceof InferenceError) return error;
  if (either.aborted) {
    const cause: unknown = either.reason;
    const timedOut = late.aborted || (cause instanceof DOMException && cause.name === "TimeoutError");
    const message = cause instanceof Error ? cause.message : "the call was given up";
    return new InferenceError(timedOut ? "deadline-exceeded" : "canceled", message, { cause });
  }
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = inner instanceof Error && "code" in inner ? String(inner.code) : String(inner);
  return new InferenceError("unavailable", `no answer from ${new URL(url).origin} (${why})`, {
    cause: error,
  });
}
