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
      // A picture of the stage goes to the server that was named, and to no other.
      redirect: "manual",
      signal: either,
    });
    const text = await boundedText(response);
    if (response.status >= 300 && response.status < 400) throw elsewhere(response);
    if (!response.ok) throw refusal(response.status, words(text, headers));
    return parsed(text, headers);
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

type Headers = HttpCall["headers"];

function parsed(text: string, headers: Headers): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InferenceError("malformed-answer", `the answer is no JSON: ${words(text, headers)}`, { cause });
  }
  // Some gateways say with 200 that it went wrong.
  if (messageIn(value) !== undefined) throw new InferenceError("failed", words(text, headers));
  return value;
}

function elsewhere(response: Response): InferenceError {
  const target = response.headers.get("location") ?? "";
  const where = URL.canParse(target, response.url) ? new URL(target, response.url).origin : "another address";
  return new InferenceError("rejected", `${response.status}: it sends to ${where}: name that address`);
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

function refusal(status: number, said: string): InferenceError {
  const reason = REASONS[status] ?? (status >= 500 ? "failed" : "rejected");
  return new InferenceError(reason, `${status}: ${said}`);
}

/** What the server says, in one line, without the key that it may repeat. */
function words(text: string, headers: Headers): string {
  let said = messageIn(jsonOf(text)) ?? text;
  for (const value of Object.values(headers ?? {})) {
    for (const secret of value.split(" ").slice(1)) said = said.replaceAll(secret, "***");
  }
  const line = said.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}...` : line;
}

/** `{"error":{"message":...}}`, or `{"error":...}` */
function messageIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("error" in value)) return undefined;
  const { error } = value;
  if (typeof error === "string") return error;
  const message =
    typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return typeof message === "string" ? message : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
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
