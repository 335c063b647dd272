import type { IncomingMessage, ServerResponse } from "node:http";
import type { Camera } from "../camera.ts";
import { isRefusal } from "../pictures/drop-reasons.ts";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { answerJson } from "./answer.ts";

/** Pictures of one camera that are being received at once: more would only be superseded. */
const MAX_AT_ONCE = 2;
/** A sender that needs longer for one picture is no camera. */
const BODY_DEADLINE_MS = 10_000;
const LINGER_MS = 1_000;

/** POST /cameras/{id}/frames: the body is one picture. */
export class PushFrames {
  readonly #limits: PictureLimits;
  readonly #receiving = new Map<string, number>();

  constructor(limits: PictureLimits) {
    this.#limits = limits;
  }

  async answer(camera: Camera, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const cameraId = camera.config.id;
    const receiving = this.#receiving.get(cameraId) ?? 0;
    if (receiving >= MAX_AT_ONCE) {
      response.setHeader("retry-after", "1");
      return refuse(
        request,
        response,
        429,
        `${MAX_AT_ONCE} pictures for ${cameraId} are on their way already: send one after the other`,
      );
    }
    this.#receiving.set(cameraId, receiving + 1);
    try {
      const announced = Number(request.headers["content-length"] ?? 0);
      const body =
        announced > this.#limits.maxBytes ? announced : await readBody(request, this.#limits.maxBytes);
      if (body === undefined) return refuse(request, response, 408, "the picture did not arrive in time");
      await this.#offer(camera, body, { request, response });
    } finally {
      this.#receiving.set(cameraId, (this.#receiving.get(cameraId) ?? 1) - 1);
    }
  }

  async #offer(
    camera: Camera,
    body: Buffer | number,
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ): Promise<void> {
    const picture =
      typeof body === "number" ? { bytes: new Uint8Array(), totalBytes: body } : { bytes: body };
    const { sequence, outcome, problem } = await camera.offer(picture);
    if (isRefusal(outcome)) {
      const status =
        outcome === "too-many-bytes" || outcome === "too-many-pixels"
          ? 413
          : outcome === "not-a-picture"
            ? 415
            : 422;
      return refuse(request, response, status, problem ?? outcome, outcome);
    }
    if (outcome === "redis-unavailable" || outcome === "backlog" || outcome === "closing") {
      response.setHeader("retry-after", "1");
      return refuse(
        request,
        response,
        503,
        "pictures cannot be passed on right now: Redis does not answer",
        outcome,
      );
    }
    if (outcome === "internal-error")
      return refuse(request, response, 500, "the picture could not be handled", outcome);
    answerJson(response, 202, { sequence, outcome });
  }
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  sentence: string,
  reason?: string,
): void {
  // The rest is thrown away for a moment: closing at once would reset the connection before the answer was read.
  if (!request.complete) {
    request.resume();
    const timer = setTimeout(() => request.destroy(), LINGER_MS);
    request.once("close", () => clearTimeout(timer));
  }
  answerJson(response, status, { error: sentence, ...(reason === undefined ? {} : { reason }) });
}

/** The body; its length so far, where it is too long; undefined where it does not arrive in time or at all. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | number | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (body: Buffer | number | undefined) => {
      clearTimeout(timer);
      request.pause();
      request.off("data", take);
      resolve(body);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(bytes);
      chunks.push(chunk);
    };
    const timer = setTimeout(() => done(undefined), BODY_DEADLINE_MS);
    request.on("data", take);
    request.once("end", () => done(Buffer.concat(chunks, bytes)));
    request.once("error", () => done(undefined));
    request.once("close", () => done(undefined));
  });
}
