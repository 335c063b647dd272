import { type DatasetPicture, type Picture, tracePicture } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import type { Inspected } from "../inspect-picture.ts";

/** The line of a picture; what a test does not say is plain. */
export function entryOf(about: Partial<DatasetPicture> & { readonly fileName: string }): DatasetPicture {
  return {
    kind: about.label === "unknown" ? "unknown" : "character",
    label: "wolf",
    scene: undefined,
    caption: undefined,
    split: undefined,
    objects: undefined,
    path: about.fileName,
    place: `metadata.jsonl:${about.fileName}`,
    ...about,
  };
}

/** A picture that was looked at. Its pixels are drawn from `shot`, its look is one that nothing else has. */
export function inspectedOf(
  about: Partial<DatasetPicture> & { readonly fileName: string },
  {
    picture = blobs(about.fileName.length),
    pixels = about.fileName,
    look = new Float32Array(4),
    shifted,
  }: { readonly picture?: Picture; readonly pixels?: string; readonly look?: Float32Array; readonly shifted?: Float32Array } = {},
): Inspected {
  const { width, height } = picture;
  return { entry: entryOf(about), pixels, width, height, trace: tracePicture(picture), look, shifted };
}

const WIDTH = 160;
const HEIGHT = 120;

/** Blobs of colour, others for each seed, with edges as a photograph has. */
export function blobs(seed: number, { width = WIDTH, height = HEIGHT } = {}): Picture {
  const random = new SeededRandom(seed + 1);
  const rgb = new Uint8Array(width * height * 3);
  rgb.fill(90);
  for (let blob = 0; blob < 14; blob++) {
    const [x, y] = [random.between(0, WIDTH), random.between(0, HEIGHT)];
    const reach = random.between(6, 30);
    const colour = [random.below(256), random.below(256), random.below(256)];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [across, down] = [((column + 0.5) * WIDTH) / width - x, ((row + 0.5) * HEIGHT) / height - y];
        if (across * across + down * down > reach * reach) continue;
        rgb.set(colour, (row * width + column) * 3);
      }
    }
  }
  return { rgb, width, height };
}

export function mirrored({ rgb, width, height }: Picture): Picture {
  const other = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      other.set(rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { rgb: other, width, height };
}
