import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "@followspot/runtime";

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * Lets a page from another origin read our answers, where Access admits that origin. False where the request was
 * answered: a preflight, or a page that is not admitted.
 */
export function allowOrigin(access: Access, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  const refusal = access.refuses("push", request);
  if (origin !== undefined && refusal?.status !== 403) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("vary", "origin");
  }
  if (request.method !== "OPTIONS") return true;
  // A preflight never carries the token: only the origin is judged, which Access does first.
  if (refusal?.status === 403) answerJson(response, 403, { error: refusal.message });
  else {
    response.setHeader("access-control-allow-methods", "GET, POST, OPTIONS");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    response.setHeader("access-control-max-age", "600");
    response.writeHead(204).end();
  }
  return false;
}
