/** Far above any camera's; below what would hurt. */
const MAX_HEADER_BYTES = 8_192;
const FIRST_BUFFER_BYTES = 64 * 1_024;

/** The stream is not what it says: beyond repair, to be opened anew. The message is one sentence. */
export class MultipartBroken extends Error {
  override readonly name = "MultipartBroken";
}

/**
 * Takes a multipart stream of pictures (multipart/x-mixed-replace, also what ffmpeg's mpjpeg writes) apart, as its bytes
 * come. Untrusted: whatever comes, memory is bounded by the largest picture allowed, and nothing but MultipartBroken is
 * thrown.
 *
 * Takes the delimiter from the stream's first line instead of the Content-Type, which many cameras get wrong; believes a
 * Content-Length only where the delimiter follows.
 */
export class MultipartPictures {
  readonly #maxPictureBytes: number;
  readonly #onPicture: (bytes: Buffer) => void;
  #buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
  #start = 0;
  #end = 0;
  /** Up to here the buffer holds no delimiter. */
  #searched = 0;
  #delimiter: Buffer | undefined;
  /** Undefined while headers are awaited. */
  #body: { readonly length: number | undefined; readonly isPicture: boolean } | undefined;

  constructor(options: { readonly maxPictureBytes: number; readonly onPicture: (bytes: Buffer) => void }) {
    this.#maxPictureBytes = options.maxPictureBytes;
    this.#onPicture = options.onPicture;
  }

  /** @throws MultipartBroken, after which the parser is of no use any more. */
  push(chunk: Uint8Array): void {
    this.#append(chunk);
    for (;;) {
      const went = this.#body ? this.#takeBody() : this.#takeHeaders();
      if (!went) return;
    }
  }

  #append(chunk: Uint8Array): void {
    const kept = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const room = kept + chunk.length;
      const target = room > this.#buffer.length ? Buffer.allocUnsafe(room * 2) : this.#buffer;
      this.#buffer.copy(target, 0, this.#start, this.#end);
      this.#buffer = target;
      this.#searched -= this.#start;
      this.#start = 0;
      this.#end = kept;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #takeHeaders(): boolean {
    // Blank lines may stand before a delimiter; after a body there is always one.
    while (this.#start < this.#end && isLineEnd(this.#buffer[this.#start])) this.#start += 1;
    const held = this.#buffer.subarray(this.#start, this.#end);
    if (held.length >= 2 && !(held[0] === DASH && held[1] === DASH)) {
      throw new MultipartBroken("the stream does not begin with a boundary, so it is not MJPEG over HTTP");
    }
    const end = endOfHeaders(held);
    if (end === undefined) {
      if (held.length > MAX_HEADER_BYTES) {
        throw new MultipartBroken("a part of the stream has endless headers, so it is not MJPEG over HTTP");
      }
      return false;
    }
    if (end > MAX_HEADER_BYTES) throw new MultipartBroken("a part of the stream has too long headers");
    const [, ...fields] = held.toString("latin1", 0, end).split(/\r?\n/);
    // With its own line end, but without the one before it, which some parts lack when a camera stumbles.
    this.#delimiter ??= Buffer.from(held.subarray(0, held.indexOf(LINE_FEED) + 1));
    this.#body = readFields(fields, this.#maxPictureBytes);
    this.#start += end;
    this.#searched = this.#start;
    return true;
  }

  #takeBody(): boolean {
    const { length, isPicture } = this.#body ?? { length: undefined, isPicture: false };
    const whole = length === undefined ? undefined : this.#endByLength(length);
    if (whole === "more") return false;
    const end = whole ?? this.#endByDelimiter();
    if (end === undefined) return false;
    // A copy: the buffer is written again while the picture is still being looked at.
    if (isPicture && end.body > this.#start)
      this.#onPicture(Buffer.from(this.#buffer.subarray(this.#start, end.body)));
    this.#start = end.next;
    this.#body = undefined;
    return true;
  }

  /** "more": not all there yet. Undefined: the length is not true, as no delimiter follows. */
  #endByLength(length: number): BodyEnd | "more" | undefined {
    const at = this.#start + length;
    if (at > this.#end) return "more";
    // ffmpeg and many cameras end a body with a line break, some do not. The last body of all has none to look at yet.
    let next = at;
    while (next < this.#end && isLineEnd(this.#buffer[next]) && next - at < 4) next += 1;
    const follows = this.#buffer.subarray(next, Math.min(this.#end, next + 2));
    return follows.every((byte) => byte === DASH) ? { body: at, next } : undefined;
  }

  #endByDelimiter(): BodyEnd | undefined {
    const delimiter = this.#delimiter ?? Buffer.from("--");
    const held = this.#buffer.subarray(0, this.#end);
    const at = held.indexOf(delimiter, Math.max(this.#start, this.#searched));
    if (at < 0) {
      this.#searched = Math.max(this.#start, this.#end - delimiter.length);
      if (this.#end - this.#start > this.#maxPictureBytes + delimiter.length)
        throw tooLarge(this.#maxPictureBytes);
      return undefined;
    }
    let body = at;
    if (body > this.#start && held[body - 1] === LINE_FEED) body -= 1;
    if (body > this.#start && held[body - 1] === CARRIAGE_RETURN) body -= 1;
    return { body, next: at };
  }
}

interface BodyEnd {
  /** Where the body ends. */
  readonly body: number;
  /** Where to go on reading. */
  readonly next: number;
}

const DASH = 0x2d;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

function isLineEnd(byte: number | undefined): boolean {
  return byte === CARRIAGE_RETURN || byte === LINE_FEED;
}

/** The place behind the empty line, or undefined. Bare line feeds are taken too: cameras send them. */
function endOfHeaders(held: Buffer): number | undefined {
  const most = held.subarray(0, MAX_HEADER_BYTES + 4);
  const ends = [most.indexOf("\r\n\r\n"), most.indexOf("\n\n")].map((at, i) =>
    at < 0 ? undefined : at + (i ? 2 : 4),
  );
  const [strict, lax] = ends;
  return strict === undefined || lax === undefined ? (strict ?? lax) : Math.min(strict, lax);
}

function readFields(fields: readonly string[], maxPictureBytes: number) {
  const value = (name: string) =>
    fields
      .find((field) => field.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const type = value("content-type");
  const given = value("content-length");
  const length = given !== undefined && /^\d{1,12}$/.test(given) ? Number(given) : undefined;
  if (length !== undefined && length > maxPictureBytes) throw tooLarge(maxPictureBytes);
  return { length, isPicture: type === undefined || /^image\//i.test(type) };
}

function tooLarge(maxPictureBytes: number): MultipartBroken {
  return new MultipartBroken(`the stream holds a picture of more than ${maxPictureBytes / 1e6} MB`);
}
