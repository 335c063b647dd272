import { findRedisBinary } from "@followspot/redis-server";
import { findOnPath } from "./find-on-path.ts";
import type { PackageManagerName } from "./package-manager.ts";

/** A program that the system provides, not npm. */
export interface SystemTool {
  readonly name: string;
  /** What it is needed for, to be read after "is needed". */
  readonly purpose: string;
  readonly find: () => string | undefined;
  /** The package that brings it, by package manager; absent where we know none. */
  readonly packages: Readonly<Partial<Record<PackageManagerName, string>>>;
}

export const REDIS: SystemTool = {
  name: "a Redis or Valkey server",
  purpose: "to carry frames, labels and events",
  find: () => findRedisBinary(),
  packages: {
    "apt-get": "redis-server",
    brew: "redis",
    dnf: "valkey",
    pacman: "valkey",
    apk: "redis",
    zypper: "redis",
  },
};

export const FFMPEG: SystemTool = {
  name: "ffmpeg",
  purpose: "to decode video files, RTSP and MJPEG streams and webcams",
  find: () => findOnPath(["ffmpeg"], process.env.FOLLOWSPOT_FFMPEG),
  packages: {
    "apt-get": "ffmpeg",
    brew: "ffmpeg",
    dnf: "ffmpeg-free",
    pacman: "ffmpeg",
    apk: "ffmpeg",
    zypper: "ffmpeg",
  },
};

export const CHROMIUM: SystemTool = {
  name: "Chromium",
  purpose: "to test the console page",
  find: () =>
    findOnPath(
      [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
      ],
      process.env.FOLLOWSPOT_CHROMIUM,
    ),
  packages: {
    "apt-get": "chromium",
    dnf: "chromium",
    pacman: "chromium",
    apk: "chromium",
    zypper: "chromium",
  },
};
