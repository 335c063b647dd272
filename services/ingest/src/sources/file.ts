import { basename } from "node:path";
import { fileInput } from "./ffmpeg-args.ts";
import { type FfmpegOptions, ffmpegPictures } from "./ffmpeg-pictures.ts";
import type { Source } from "./source.ts";

/** A video file, played at its own speed as a camera would. */
export function fileSource(path: string, options: FfmpegOptions & { readonly loop: boolean }): Source {
  const name = basename(path);
  return async (events, signal) => {
    await ffmpegPictures({ ...fileInput(path, options), name }, options, events, signal);
    return `${name} was played to its end`;
  };
}
