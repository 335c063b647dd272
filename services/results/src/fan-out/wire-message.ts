import { create, type MessageInitShape, toJsonString } from "@bufbuild/protobuf";
import type { LogPosition } from "@followspot/events";
import { ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";

type Content = NonNullable<
  Extract<MessageInitShape<typeof ServerMessageSchema>, { message?: unknown }>["message"]
>;
type Filled = Exclude<Content, { case?: undefined }>;

/** A message to subscribers, put into text once, however many get it. */
export class WireMessage {
  readonly kind: Filled["case"];
  /** Canonical JSON of a ServerMessage. */
  readonly json: Buffer;
  readonly #position: LogPosition | undefined;
  #sse: Buffer | undefined;

  private constructor(kind: Filled["case"], json: Buffer, position: LogPosition | undefined) {
    this.kind = kind;
    this.json = json;
    this.#position = position;
  }

  /** `position`: where a subscriber that has this message stands; what it resumes from. */
  static of(message: Filled, position?: LogPosition): WireMessage {
    const text = toJsonString(ServerMessageSchema, create(ServerMessageSchema, { message }));
    return new WireMessage(message.case, Buffer.from(text), position);
  }

  /** The same for an EventSource, which keeps the id for its Last-Event-ID. */
  get sse(): Buffer {
    const id = this.#position?.epoch ? `id: ${formatPosition(this.#position)}\n` : "";
    this.#sse ??= Buffer.concat([
      Buffer.from(`${id}event: ${this.kind}\ndata: `),
      this.json,
      Buffer.from("\n\n"),
    ]);
    return this.#sse;
  }
}

/** `<epoch>-<sequence>`. */
export function formatPosition({ epoch, sequence }: LogPosition): string {
  return `${epoch}-${sequence}`;
}

/** Undefined where the text is no position. */
export function parsePosition(text: string): LogPosition | undefined {
  const [, epoch, digits] = /^([0-9a-z]{1,64})-(\d{1,10})$/.exec(text) ?? [];
  const sequence = Number(digits);
  return epoch && sequence <= MAX_SEQUENCE ? { epoch, sequence } : undefined;
}

const MAX_SEQUENCE = 0xffff_ffff;
