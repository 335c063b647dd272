import { connect } from "node:net";
import { redactUrls } from "@followspot/runtime";
import { rtspInput } from "./ffmpeg-args.ts";
import { type FfmpegOptions, ffmpegPictures } from "./ffmpeg-pictures.ts";
import { type Source, SourceFailed } from "./source.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "rtsp:": 554, "rtsps:": 322 };
const CONNECT_DEADLINE_MS = 2_000;

/** A network camera's RTSP stream, over TCP: a lost packet costs a moment, not half the picture. */
export function rtspSource(url: string, options: FfmpegOptions): Source {
  const name = redactUrls(url);
  return async (events, signal) => {
    // A camera that is switched off should not cost the start of a process every two seconds.
    await probe(url, name, signal);
    await ffmpegPictures({ ...rtspInput(url), name }, options, events, signal);
    throw new SourceFailed(`${name} ended its stream and is opened again`);
  };
}

/** Resolves when something listens there. @throws SourceFailed */
async function probe(url: string, name: string, signal: AbortSignal): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (DEFAULT_PORTS[protocol] ?? 554),
  });
  const stop = () => socket.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(CONNECT_DEADLINE_MS, () => socket.destroy(new Error("timed out")));
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
  } catch (error) {
    signal.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const problem =
      {
        ECONNREFUSED: "does not answer: is the camera on, and is the address right?",
        ENOTFOUND: "has a host name that nobody knows: check the address",
      }[code] ?? "cannot be reached: check the network and the address";
    throw new SourceFailed(`${name} ${problem}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", stop);
    socket.destroy();
  }
}
