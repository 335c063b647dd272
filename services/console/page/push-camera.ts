import { socketUrl } from "./access-token.ts";

const QUALITY = 0.8;
/** Ingest answers each picture; one that it does not answer for so long is on a dead connection. */
const ANSWER_MS = 8_000;

/** Reasons not to take a picture that are nobody's fault. */
const HARMLESS: ReadonlySet<string> = new Set(["rate-limited", "superseded"]);

/** What ingest says to each picture of a stream. */
interface StreamAnswer {
  readonly accepted: boolean;
  readonly reason: string;
  readonly problem?: string;
  /** How long to wait before the next picture. */
  readonly waitMs?: number;
}

export interface PushTarget {
  readonly ingestUrl: string;
  readonly cameraId: string;
  readonly token: string | undefined;
  /** Most pictures a second, and the longest side in pixels. */
  readonly fps: number;
  readonly width: number;
}

export interface PushReport {
  /** After each answer: how many pictures were sent, and what ingest had against the last one. */
  readonly onSent: (pictures: number, problem: string | undefined) => void;
  /** One sentence: why it ended. Not called after `stop`. */
  readonly onEnd: (why: string) => void;
}

/** Why this browser cannot be a camera, in one sentence; undefined where it can. */
export function withoutCamera(): string | undefined {
  if (!isSecureContext) {
    return "Browsers give a camera only to pages over https or on this machine itself, so here you can only send single photos.";
  }
  return typeof navigator.mediaDevices?.getUserMedia === "function"
    ? undefined
    : "This browser gives pages no camera, so here you can only send single photos.";
}

/** Sends what this device's camera sees, one picture at a time: a new one is taken when ingest has answered the last. */
export class PushCamera {
  readonly stream: MediaStream;
  readonly #socket: WebSocket;
  readonly #video: HTMLVideoElement;
  readonly #stop = new AbortController();

  private constructor(stream: MediaStream, socket: WebSocket, video: HTMLVideoElement) {
    this.stream = stream;
    this.#socket = socket;
    this.#video = video;
  }

  /** @throws DOMException where the person or the browser refuses the camera. */
  static async start(video: HTMLVideoElement, target: PushTarget, report: PushReport): Promise<PushCamera> {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: "environment" },
        width: { ideal: 1280 },
        frameRate: { ideal: target.fps },
      },
    });
    video.srcObject = stream;
    await video.play();
    const socket = new WebSocket(
      socketUrl(target.ingestUrl, `/cameras/${target.cameraId}/stream`, target.token),
    );
    const camera = new PushCamera(stream, socket, video);
    camera.#run(target, report).catch((error: unknown) => {
      if (camera.#stop.signal.aborted) return;
      camera.stop();
      report.onEnd(error instanceof Error ? error.message : "The camera stopped.");
    });
    return camera;
  }

  stop(): void {
    this.#stop.abort();
    this.#socket.close();
    for (const track of this.stream.getTracks()) track.stop();
    this.#video.srcObject = null;
  }

  async #run({ fps, width }: PushTarget, { onSent }: PushReport): Promise<void> {
    const ended = this.#ended();
    await Promise.race([event(this.#socket, "open"), ended]);
    const canvas = new OffscreenCanvas(1, 1);
    for (let sent = 1; !this.#stop.signal.aborted; sent += 1) {
      const startedMs = performance.now();
      const blob = await takePicture(this.#video, canvas, width);
      const answered = nextAnswer(this.#socket);
      answered.catch(() => {});
      this.#socket.send(blob);
      const { accepted, reason, problem, waitMs = 0 } = await Promise.race([answered, ended]);
      onSent(sent, accepted || HARMLESS.has(reason) ? undefined : (problem ?? reason));
      const spareMs = Math.max(waitMs, startedMs + 1_000 / fps - performance.now(), 0);
      await Promise.race([pause(spareMs), ended]);
    }
  }

  /** Rejects with one sentence when the connection or the camera ends. */
  #ended(): Promise<never> {
    const [track] = this.stream.getVideoTracks();
    const ended = Promise.race([
      event(this.#socket, "close").then(() => {
        throw new Error("The connection to ingest ended. Is this camera in the show, and is it free?");
      }),
      track
        ? event(track, "ended").then(() => {
            throw new Error("This device's camera was switched off.");
          })
        : Promise.reject(new Error("This device's camera gives no picture.")),
    ]);
    ended.catch(() => {});
    return ended;
  }
}

/** Sends one photo that was taken or chosen. Resolves to a sentence about how it went. */
export async function pushPhoto(file: File, { ingestUrl, cameraId, token }: PushTarget): Promise<string> {
  try {
    const response = await fetch(`${ingestUrl}/cameras/${cameraId}/frames`, {
      method: "POST",
      headers: {
        "content-type": file.type || "image/jpeg",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: file,
    });
    if (response.ok) return "The photo has arrived.";
    const answer = (await response.json().catch(() => ({}))) as { readonly error?: string };
    return `The photo was refused: ${answer.error ?? `status ${response.status}`}.`;
  } catch {
    return "Ingest does not answer at the moment. Try again.";
  }
}

async function takePicture(
  video: HTMLVideoElement,
  canvas: OffscreenCanvas,
  longestSide: number,
): Promise<Blob> {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, longestSide / Math.max(videoWidth, videoHeight));
  canvas.width = Math.max(1, Math.round(videoWidth * scale));
  canvas.height = Math.max(1, Math.round(videoHeight * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}

function nextAnswer(socket: WebSocket): Promise<StreamAnswer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("Ingest does not answer any more.")), ANSWER_MS);
    const hear = ({ data }: MessageEvent<string>) => {
      clearTimeout(late);
      resolve(JSON.parse(data) as StreamAnswer);
    };
    socket.addEventListener("message", hear, { once: true });
  });
}

function event(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
