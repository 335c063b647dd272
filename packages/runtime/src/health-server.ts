import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Closable } from "./closer.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics.ts";

/**
 * Answers /health/live, /health/ready and /metrics; false where the request is for somebody else.
 * A service with an HTTP server of its own calls this first; the others use HealthServer.
 */
export async function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  { health, metrics }: { readonly health: Health; readonly metrics: Metrics },
): Promise<boolean> {
  const path = request.url?.split("?")[0];
  if (path === "/metrics") {
    response.setHeader("content-type", metrics.registry.contentType);
    response.end(await metrics.registry.metrics());
    return true;
  }
  if (path !== "/health/live" && path !== "/health/ready") return false;
  const report = path === "/health/live" ? health.reportLive() : health.reportReady();
  response.statusCode = report.ok ? 200 : 503;
  response.setHeader("content-type", "application/json");
  response.setHeader("cache-control", "no-store");
  response.end(`${JSON.stringify(report)}\n`);
  return true;
}

/** A small HTTP server for a service that has none of its own. */
export class HealthServer implements Closable {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(options: {
    readonly host: string;
    readonly port: number;
    readonly health: Health;
    readonly metrics: Metrics;
  }): Promise<HealthServer> {
    const server = createServer((request, response) => {
      answerHealth(request, response, options).then(
        (answered) => {
          if (!answered) response.writeHead(404).end();
        },
        () => response.writeHead(500).end(),
      );
    });
    server.listen(options.port, options.host);
    await once(server, "listening");
    return new HealthServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
