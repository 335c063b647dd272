import { showKey, showKeyPrefix } from "@followspot/runtime";

/** Job names and the queue's own name, as BullMQ sees them. */
export const QUEUE_NAME = "tokens";
export const TOKEN_NAME = "token";

/** What a job carries: whose newest frame to take. Never the frame, never its sequence. */
export interface Token {
  readonly cam: string;
}

/** BullMQ builds its keys from this; ioredis' own keyPrefix is forbidden with BullMQ. */
export const queuePrefix = showKeyPrefix;

/** Where the newest frame of a camera lives: one key a camera bounds the memory. */
export function newestFrameKey(showId: string, cameraId: string): string {
  return showKey(showId, `frame:${cameraId}`);
}

/** How long a newest frame can be read. */
export const FRAME_KEEP_MS = 1_000;

/** How long a token that got lost can keep its camera dark. */
export const TOKEN_TTL_MS = 1_000;
