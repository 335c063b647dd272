import type { LabelledBox } from "@followspot/dataset";
import { DURATION_MS, groundTruth, ON_STAGE_FROM, ShowRenderer } from "@followspot/sample-show";

export const STAGE_SIZE = { width: 640, height: 360 };

/** A picture of the sample show, with everybody who is on stage. */
export interface StagePicture {
  readonly timeMs: number;
  readonly jpeg: Buffer;
  /** Boxes round what can be seen, in pixels of the picture. */
  readonly objects: readonly LabelledBox[];
}

export interface StagePicturesOptions {
  /** Time between two pictures of the show. */
  readonly everyMs: number;
  /** Only pictures with so many on stage; any number, nobody left out, where it is not given. */
  readonly atMost?: number;
}

/** Pictures of the whole show with somebody on stage; what is played in the dark is left out. The same in every run. */
export async function* renderStagePictures({
  everyMs,
  atMost = Number.POSITIVE_INFINITY,
}: StagePicturesOptions): AsyncGenerator<StagePicture> {
  const renderer = new ShowRenderer(STAGE_SIZE);
  for (let timeMs = 0; timeMs < DURATION_MS; timeMs += everyMs) {
    const { present, dark } = await groundTruth(timeMs);
    const objects = present
      .filter(({ visible }) => visible >= ON_STAGE_FROM)
      .map(({ label, box }): LabelledBox => ({ label, box: toPixels(box) }));
    if (dark || objects.length === 0 || objects.length > atMost) continue;
    yield { timeMs, jpeg: await renderer.renderJpeg(timeMs), objects };
  }
}

function toPixels({
  left,
  top,
  right,
  bottom,
}: Awaited<ReturnType<typeof groundTruth>>["present"][number]["box"]): LabelledBox["box"] {
  const { width, height } = STAGE_SIZE;
  return {
    left: left * width,
    top: top * height,
    width: (right - left) * width,
    height: (bottom - top) * height,
  };
}
