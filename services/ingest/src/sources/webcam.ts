import { access, constants } from "node:fs/promises";
import { webcamInput } from "./ffmpeg-args.ts";
import { type FfmpegOptions, ffmpegPictures } from "./ffmpeg-pictures.ts";
import { type Source, SourceFailed } from "./source.ts";

/** A camera at this machine, through V4L2 (Linux). */
export function webcamSource(device: string, options: FfmpegOptions): Source {
  return async (events, signal) => {
    if (process.platform !== "linux") {
      throw new SourceFailed(
        "webcam: reads V4L2, which only Linux has: use push: and open the console's camera page on this machine",
      );
    }
    await access(device, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
      throw new SourceFailed(
        error.code === "ENOENT"
          ? `there is no webcam at ${device}: plug it in, or look for its name with ls /dev/video*`
          : `${device} may not be read by this user: add the user to the group video`,
        { cause: error },
      );
    });
    await ffmpegPictures({ ...webcamInput(device), name: device }, options, events, signal);
    throw new SourceFailed(`${device} stopped giving pictures and is opened again`);
  };
}
