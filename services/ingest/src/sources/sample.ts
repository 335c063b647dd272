import { fileURLToPath } from "node:url";
import type { CameraConfig } from "@followspot/show";
import type { PictureLimits } from "../pictures/picture-limits.ts";
import { childPictures } from "./child-pictures.ts";
import { type Source, SourceFailed } from "./source.ts";

const PLAYER = fileURLToPath(new URL("./sample-player.ts", import.meta.url));

export interface SampleOptions {
  readonly camera: Pick<CameraConfig, "fps" | "width" | "loop">;
  readonly limits: PictureLimits;
}

/** The sample show, drawn as it is played. In a process of its own, as drawing takes a good part of a core. */
export function sampleSource({ camera, limits }: SampleOptions): Source {
  const args = [PLAYER, JSON.stringify({ fps: camera.fps, width: camera.width, loop: camera.loop })];
  return async ({ picture }, signal) => {
    const { code, words } = await childPictures(
      { program: process.execPath, args: ["--disable-warning=ExperimentalWarning", ...args] },
      { maxPictureBytes: limits.maxBytes, picture, signal },
    );
    signal.throwIfAborted();
    if (code === 0) return "the sample show was played to its end";
    const last =
      words
        .trim()
        .split("\n")
        .find((line) => /Error/.test(line)) ?? "";
    throw new SourceFailed(`the sample show's player ended and is started again ${last}`.trim());
  };
}
