import { redactUrls } from "@followspot/runtime";
import type { CameraSource } from "@followspot/show";

/** A source as show.yaml has it, without credentials: for logs, reports and the console. */
export function sourceName(source: CameraSource): string {
  switch (source.kind) {
    case "sample":
    case "push":
      return `${source.kind}:`;
    case "file":
    case "folder":
      return `${source.kind}:${source.path}`;
    case "webcam":
      return `webcam:${source.device}`;
    case "rtsp":
    case "mjpeg":
      return redactUrls(source.url);
  }
}
