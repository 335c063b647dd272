import type { IncomingMessage, ServerResponse } from "node:http";

/** A sender that needs longer than this for what we take is none. */
const DEADLINE_MS = 10_000;
/** How long the rest of a refused body is thrown away. */
const LINGER_MS = 1_000;

/** A whole body, or why there is none: longer than allowed (with what was announced or had come), or not here in time. */
export type Body = Buffer | { readonly tooLarge: number } | "late";

export interface BodyLimits {
  readonly maxBytes: number;
  readonly deadlineMs?: number;
}

/**
 * Reads the body of a request, up to a limit. Where it is refused, the answer may be given at once, and the sender gets
 * to read it: see `discardBody`. Never rejects.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, deadlineMs = DEADLINE_MS }: BodyLimits,
): Promise<Body> {
  const announced = Number(request.headers["content-length"] ?? 0);
  const body = announced > maxBytes ? { tooLarge: announced } : await collect(request, maxBytes, deadlineMs);
  if (!Buffer.isBuffer(body)) discardBody(request, response);
  return body;
}

/**
 * For who answers without having read the body: the rest of it is thrown away for a moment. To close at once would
 * reset the connection under the sender, who still sends, before he has read the answer.
 */
export function discardBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || request.destroyed) return;
  if (!response.shouldKeepAlive) {
    // It was to be closed after the answer: it is, but not before all has come.
    response.shouldKeepAlive = true;
    const close = () => request.complete && response.writableFinished && request.socket.end();
    request.once("end", close);
    response.once("finish", close);
  }
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
}

function collect(request: IncomingMessage, maxBytes: number, deadlineMs: number): Promise<Body> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const done = (body: Body) => {
      clearTimeout(timer);
      request.off("data", take);
      resolve(body);
    };
    const take = (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) return done({ tooLarge: bytes });
      parts.push(part);
    };
    const timer = setTimeout(() => done("late"), deadlineMs);
    request.on("data", take);
    request.once("end", () => done(Buffer.concat(parts, bytes)));
    for (const lost of ["error", "close"]) request.once(lost, () => done("late"));
  });
}
