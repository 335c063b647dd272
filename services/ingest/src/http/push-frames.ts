import type { IncomingMessage, ServerResponse } from "node:http";
import { type Body, discardBody, readBody } from "@followspot/runtime";
import type { Camera } from "../camera.ts";
import { isRefusal } from "../pictures/drop-reasons.ts";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { answerJson } from "./answer.ts";

/** Pictures of one camera that are being received at once: more would only be superseded. */
const MAX_AT_ONCE = 2;

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
      const body = await readBody(request, response, { maxBytes: this.#limits.maxBytes });
      if (body === "late") return refuse(request, response, 408, "the picture did not arrive in time");
      await this.#offer(camera, body, { request, response });
    } finally {
      this.#receiving.set(cameraId, (this.#receiving.get(cameraId) ?? 1) - 1);
    }
  }

  async #offer(
    camera: Camera,
    body: Exclude<Body, "late">,
    { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  ): Promise<void> {
    const picture =
      "tooLarge" in body ? { bytes: new Uint8Array(), totalBytes: body.tooLarge } : { bytes: body };
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
  discardBody(request, response);
  answerJson(response, status, { error: sentence, ...(reason === undefined ? {} : { reason }) });
}
