import { access, constants, readdir } from "node:fs/promises";
import { connect } from "node:net";
import { redactUrls } from "@followspot/runtime";
import type { CameraConfig } from "@followspot/show";
import { type CheckResult, missing, ok } from "./check.ts";

const CONNECT_WITHIN_MS = 3_000;
const DEFAULT_PORTS: Record<string, number> = { "rtsp:": 554, "rtsps:": 322, "http:": 80, "https:": 443 };
const PICTURE = /\.(?:jpe?g|png|webp)$/i;

/** Whether a camera's source can be reached now. Opens no stream. */
export async function checkCamera(camera: CameraConfig): Promise<CheckResult> {
  const name = `camera ${camera.id}`;
  const { source } = camera;
  switch (source.kind) {
    case "sample":
      return ok(name, "plays the sample show");
    case "push":
      return ok(name, "waits for pictures that are sent to it");
    case "file":
      return checkPath(name, source.path, "the video file");
    case "webcam":
      return checkPath(name, source.device, "the webcam");
    case "folder":
      return checkFolder(name, source.path);
    case "rtsp":
    case "mjpeg":
      return checkUrl(name, source.url);
  }
}

async function checkPath(name: string, path: string, what: string): Promise<CheckResult> {
  try {
    await access(path, constants.R_OK);
    return ok(name, `${what} ${path} can be read`);
  } catch (error) {
    const gone = (error as NodeJS.ErrnoException).code === "ENOENT";
    return gone
      ? missing(name, `${path} does not exist`, `correct the camera's source in show.yaml, or bring ${what}`)
      : missing(name, `${path} may not be read`, `give your user the right to read ${what}`);
  }
}

async function checkFolder(name: string, path: string): Promise<CheckResult> {
  const found = await checkPath(name, path, "the folder");
  if (found.state !== "ok") return found;
  const pictures = (await readdir(path).catch(() => [])).filter((file) => PICTURE.test(file)).length;
  return pictures > 0
    ? ok(name, `${pictures} pictures in ${path}`)
    : missing(
        name,
        `no JPEG, PNG or WebP picture lies in ${path}`,
        "put pictures there, or name another folder",
      );
}

async function checkUrl(name: string, url: string): Promise<CheckResult> {
  const { hostname, port, protocol } = new URL(url);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port) || (DEFAULT_PORTS[protocol] ?? 80),
  });
  const problem = await new Promise<string | undefined>((resolve) => {
    socket.setTimeout(CONNECT_WITHIN_MS, () => resolve("does not answer"));
    socket.once("connect", () => resolve(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  socket.destroy();
  return problem === undefined
    ? ok(name, `${redactUrls(url)} accepts connections`)
    : missing(name, `${redactUrls(url)}: ${problem}`, "check the camera's power, cable and address");
}
