import type { IncomingMessage, ServerResponse } from "node:http";
import type { LogPosition } from "@followspot/events";
import type { Subscriber } from "../fan-out/subscriber.ts";
import { parsePosition } from "../fan-out/wire-message.ts";
import type { Admission } from "./admission.ts";

/** A goodbye that cannot be delivered is not waited for longer. */
const GOODBYE_MS = 5_000;

/**
 * Server-sent events at /v1/events: the same messages, the event's name is the message's kind. Resumes from the header
 * Last-Event-ID, as browsers do by themselves, or from `?since=`; `?observations=1` asks for observations.
 */
export function serveEventStream(
  admission: Admission,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): void {
  const denial = admission.enter(request);
  if (denial) {
    response
      .writeHead(denial.status, { "content-type": "text/plain; charset=utf-8" })
      .end(`${denial.message}\n`);
    return;
  }
  let subscriber: Subscriber | undefined;
  // A reader that is gone: the close follows.
  response.on("error", () => {});
  response.once("close", () => admission.leave(subscriber));
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    // Proxies must not collect them.
    "x-accel-buffering": "no",
  });
  response.flushHeaders();
  subscriber = admission.subscribe(
    {
      send: (message, onFlushed) => void response.write(message.sse, onFlushed),
      get bufferedBytes() {
        return response.writableLength;
      },
      end: (_reason, goodbye) => {
        response.end(goodbye.sse);
        setTimeout(() => response.destroy(), GOODBYE_MS).unref();
      },
    },
    { observations: query.get("observations") === "1", resume: resumeFrom(request, query) },
  );
}

/** A position that nobody gave out is answered like one that is too old. */
const NOWHERE: LogPosition = { epoch: "-", sequence: 0 };

function resumeFrom(request: IncomingMessage, query: URLSearchParams): LogPosition | undefined {
  const header = request.headers["last-event-id"];
  const given = (typeof header === "string" && header) || query.get("since");
  return given ? (parsePosition(given) ?? NOWHERE) : undefined;
}
