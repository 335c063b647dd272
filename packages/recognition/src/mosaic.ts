import type { Picture } from "@followspot/dataset";
import { buildPyramid, sampleBox } from "./pyramid.ts";

/** Pictures side by side in one of the same size as the first, as a stage with several small subjects. */
export function layMosaic(pictures: readonly Picture[], aSide: number): Picture {
  const [first] = pictures;
  if (!first) throw new Error("a mosaic needs at least one picture");
  const width = Math.floor(first.width / aSide);
  const height = Math.floor(first.height / aSide);
  const rgb = new Uint8Array(width * aSide * height * aSide * 3);
  for (let cell = 0; cell < aSide * aSide; cell++) {
    const picture = pictures[cell % pictures.length] as Picture;
    const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
    const tile = sampleBox(buildPyramid(picture), whole, { width, height, mirror: false });
    const left = (cell % aSide) * width;
    const top = Math.floor(cell / aSide) * height;
    for (let y = 0; y < height; y++) {
      rgb.set(tile.rgb.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * width * aSide + left) * 3);
    }
  }
  return { rgb, width: width * aSide, height: height * aSide };
}
