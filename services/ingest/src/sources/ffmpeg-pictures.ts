import type { CameraConfig } from "@followspot/show";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { type ChildEnd, childPictures } from "./child-pictures.ts";
import { type FfmpegInput, ffmpegArgs } from "./ffmpeg-args.ts";
import { ffmpegProblem, inputSize } from "./ffmpeg-words.ts";
import { type SourceEvents, SourceFailed } from "./source.ts";

export interface FfmpegOptions {
  /** The program; a name is looked up in PATH. */
  readonly ffmpeg: string;
  readonly camera: Pick<CameraConfig, "fps" | "width">;
  readonly limits: PictureLimits;
}

export const FFMPEG_MISSING =
  "ffmpeg is not installed, so this camera cannot be decoded: apt install ffmpeg (Debian, Ubuntu) or brew install ffmpeg (macOS)";

/**
 * Reads an input through a system ffmpeg, supervised. Resolves when ffmpeg came to the input's end.
 * `name` is what a person calls the input, without credentials. @throws SourceFailed
 */
export async function ffmpegPictures(
  input: FfmpegInput & { readonly name: string; readonly input?: string },
  { ffmpeg, camera, limits }: FfmpegOptions,
  events: SourceEvents,
  signal: AbortSignal,
): Promise<void> {
  let cameraSize: { width: number; height: number } | undefined;
  const end = await childPictures(
    {
      program: ffmpeg,
      args: ffmpegArgs(input, camera, limits),
      ...(input.input === undefined ? {} : { input: input.input }),
    },
    {
      maxPictureBytes: limits.maxBytes,
      picture: ({ bytes }, words) => {
        cameraSize ??= inputSize(words);
        events.picture({ bytes, ...(cameraSize ? { cameraSize } : {}) });
      },
      signal,
    },
  ).catch((error: unknown): ChildEnd => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new SourceFailed(FFMPEG_MISSING, { cause: error });
    throw error;
  });
  signal.throwIfAborted();
  if (end.code !== 0) throw new SourceFailed(ffmpegProblem(end, input.name));
}
