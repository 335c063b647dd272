import type { CameraConfig } from "@followspot/show";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { fileSource } from "./file.ts";
import { folderSource } from "./folder.ts";
import { mjpegSource } from "./mjpeg.ts";
import { rtspSource } from "./rtsp.ts";
import { sampleSource } from "./sample.ts";
import type { Source } from "./source.ts";
import { webcamSource } from "./webcam.ts";

/** The source of a camera; undefined for one that takes pushes, as there is nothing to open. */
export function sourceOf(
  camera: CameraConfig,
  { ffmpeg, limits }: { readonly ffmpeg: string; readonly limits: PictureLimits },
): Source | undefined {
  const { source, fps, loop } = camera;
  const decoded = { ffmpeg, camera, limits };
  switch (source.kind) {
    case "sample":
      return sampleSource({ camera, limits });
    case "file":
      return fileSource(source.path, { ...decoded, loop });
    case "folder":
      return folderSource(source.path, { fps, loop, limits });
    case "rtsp":
      return rtspSource(source.url, decoded);
    case "mjpeg":
      return mjpegSource(source.url, { limits });
    case "webcam":
      return webcamSource(source.device, decoded);
    case "push":
      return undefined;
  }
}
