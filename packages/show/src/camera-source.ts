import { isAbsolute, resolve } from "node:path";

/** Where a camera's pictures come from. */
export type CameraSource =
  | { readonly kind: "sample" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "rtsp"; readonly url: string }
  | { readonly kind: "mjpeg"; readonly url: string }
  | { readonly kind: "webcam"; readonly device: string }
  | { readonly kind: "push" };

export const SOURCE_RULE =
  "one of sample:, push:, file:VIDEO, folder:DIRECTORY, rtsp://HOST/PATH, http://HOST/PATH (MJPEG), webcam:/dev/video0";

/** Parses the one-string form of show.yaml. Relative paths are relative to `dir`. Undefined where it is none of them. */
export function parseCameraSource(text: string, dir: string): CameraSource | undefined {
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/is.exec(text.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case "sample":
      return rest === "" ? { kind: "sample" } : undefined;
    case "push":
      return rest === "" ? { kind: "push" } : undefined;
    case "file":
    case "folder":
      return rest === ""
        ? undefined
        : { kind: scheme as "file" | "folder", path: resolve(dir, withoutSlashes(rest)) };
    case "rtsp":
    case "rtsps":
      return URL.canParse(text) && new URL(text).hostname !== ""
        ? { kind: "rtsp", url: text.trim() }
        : undefined;
    case "http":
    case "https":
      return URL.canParse(text) ? { kind: "mjpeg", url: text.trim() } : undefined;
    case "webcam":
      return isAbsolute(rest) ? { kind: "webcam", device: rest } : undefined;
    default:
      return undefined;
  }
}

/** file:///a/b is the same as file:/a/b. */
function withoutSlashes(path: string): string {
  return path.startsWith("//") ? path.slice(2) : path;
}
