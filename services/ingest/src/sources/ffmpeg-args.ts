import type { CameraConfig } from "@followspot/show";
import type { PictureLimits } from "../pictures/picture-limits.ts";

/** An input as ffmpeg takes it, with everything that it may not do forbidden. */
export interface FfmpegInput {
  /** Options before the input, in order. */
  readonly args: readonly string[];
  readonly url: string;
}

/** No single allocation above this: a crafted header must not make ffmpeg ask for the whole machine. */
const MAX_ALLOC_BYTES = 512 * 1_024 * 1_024;
/** Good enough to recognize, small enough for the wire; 2 is best, 31 worst. */
const JPEG_QSCALE = 4;

/**
 * The arguments that make ffmpeg write the camera's pictures, of the recognizer's size, to its standard output.
 *
 * Pictures above the camera's rate are dropped before they are scaled. By `select`, not by `fps`: that one gives out a
 * picture only when it has seen the next, a whole interval late.
 */
export function ffmpegArgs(
  input: FfmpegInput,
  camera: Pick<CameraConfig, "fps" | "width">,
  limits: PictureLimits,
): string[] {
  const { fps, width } = camera;
  // One picture for each slot of 1/fps seconds; `not equal` rather than `greater`, as time can jump back in a stream.
  const select = `select='isnan(prev_selected_t)+not(eq(floor(t*${fps})\\,floor(prev_selected_t*${fps})))'`;
  const scale = `scale=w='min(${width}\\,iw)':h='min(${width}\\,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`;
  return [
    ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info", "-max_alloc", `${MAX_ALLOC_BYTES}`],
    // A second decoding thread would hold a picture back until the next one comes.
    ["-threads", "1", "-max_pixels", `${limits.maxPixels}`],
    [...input.args, "-i", input.url],
    // The first real video stream: V leaves out cover pictures of sound files.
    ["-map", "0:V:0", "-an", "-sn", "-dn", "-vf", `${select},${scale},format=yuvj420p`],
    ["-fps_mode", "passthrough", "-threads", "1", "-c:v", "mjpeg", "-q:v", `${JPEG_QSCALE}`],
    ["-flush_packets", "1", "-f", "mpjpeg", "pipe:1"],
  ].flat();
}

/** The protocols and containers that one kind of input may use; a playlist inside a file must not reach the network. */
export function fileInput(path: string, { loop }: { readonly loop: boolean }): FfmpegInput {
  return {
    args: ["-protocol_whitelist", "file", "-re", ...(loop ? ["-stream_loop", "-1"] : [])],
    // The prefix keeps a file named like an address or an option a file.
    url: `file:${path}`,
  };
}

export function webcamInput(device: string): FfmpegInput {
  return { args: [...LIVE, "-f", "v4l2", "-protocol_whitelist", "file"], url: device };
}

/**
 * No waiting for pictures that may have to be put in front, no guessing of the rate before the first one. Not
 * `-fflags nobuffer`: it throws the packets away that were read to know the stream, and with them the only whole picture
 * for as long as the camera's key picture interval (8 s, tried).
 */
export const LIVE = ["-flags", "low_delay", "-fpsprobesize", "0"] as const;

/** ffmpeg gives the camera up itself after this silence, should nobody be left to do it. Microseconds. */
const NETWORK_TIMEOUT_US = 5_000_000;

/**
 * The address goes through standard input, as a script of ffmpeg's concat demuxer: it may hold a password, and the
 * arguments of a process can be read by every user of the machine.
 */
export function rtspInput(url: string): FfmpegInput & { readonly input: string } {
  const quoted = url.replaceAll("'", String.raw`'\''`);
  const script = [
    "ffconcat version 1.0",
    `file '${quoted}'`,
    "option rtsp_transport tcp",
    `option timeout ${NETWORK_TIMEOUT_US}`,
    "option allowed_media_types video",
    "option fpsprobesize 0",
    "option max_delay 0",
  ];
  return {
    args: [
      ...LIVE,
      "-f",
      "concat",
      "-safe",
      "0",
      "-protocol_whitelist",
      "pipe,rtsp,rtsps,rtp,tcp,tls,crypto",
    ],
    url: "pipe:0",
    input: `${script.join("\n")}\n`,
  };
}
