import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeMjpegCameraOptions {
  /** The pictures it shows, one after the other, again and again. */
  readonly pictures: readonly Uint8Array[];
  readonly fps?: number;
  /** A fixed port; absent: any free one. */
  readonly port?: number;
  /** Answers 401 without these. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Whether parts say how long they are. Many cameras do not. */
  readonly contentLength?: boolean;
}

/** A network camera that gives Motion JPEG over HTTP, and misbehaves when told to. */
export class FakeMjpegCamera {
  readonly #options: FakeMjpegCameraOptions;
  readonly #server: Server;
  readonly #viewers = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;
  #shown = 0;
  #stalled = false;
  #spoil: ((part: Buffer) => Buffer) | undefined;
  /** How often somebody asked for the stream. */
  requests = 0;

  private constructor(options: FakeMjpegCameraOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request.headers.authorization, response));
    this.#timer = setInterval(() => this.#show(), 1_000 / (options.fps ?? 10));
  }

  static async listen(options: FakeMjpegCameraOptions): Promise<FakeMjpegCamera> {
    const camera = new FakeMjpegCamera(options);
    camera.#server.listen(options.port ?? 0, "127.0.0.1");
    await once(camera.#server, "listening");
    return camera;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/stream`;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Keeps connections open and sends nothing: a dead network. */
  stall(): void {
    this.#stalled = true;
  }

  resume(): void {
    this.#stalled = false;
    this.#spoil = undefined;
  }

  /** Changes every part before it is sent: garbage, truncation, lies about the length. */
  spoil(change: (part: Buffer) => Buffer): void {
    this.#spoil = change;
  }

  /** Ends all connections, as a camera that restarts does. */
  cut(): void {
    for (const viewer of this.#viewers) viewer.destroy();
  }

  #answer(authorization: string | undefined, response: ServerResponse): void {
    this.requests += 1;
    const { credentials } = this.#options;
    const wanted =
      credentials && Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
    if (wanted && authorization !== `Basic ${wanted}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="camera"' }).end();
      return;
    }
    response.writeHead(200, { "content-type": "multipart/x-mixed-replace; boundary=--fake" });
    this.#viewers.add(response);
    response.once("close", () => this.#viewers.delete(response));
  }

  #show(): void {
    if (this.#stalled) return;
    const { pictures, contentLength = true } = this.#options;
    const picture = pictures[this.#shown++ % pictures.length] ?? new Uint8Array();
    const length = contentLength ? `Content-Length: ${picture.length}\r\n` : "";
    const head = `--fake\r\nContent-Type: image/jpeg\r\n${length}\r\n`;
    const part = Buffer.concat([Buffer.from(head), picture, Buffer.from("\r\n")]);
    for (const viewer of this.#viewers) viewer.write(this.#spoil?.(part) ?? part);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
