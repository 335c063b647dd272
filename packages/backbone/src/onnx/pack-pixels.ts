import type { Picture } from "@followspot/dataset";
import type { ModelInput } from "./model-input.ts";
import { resample } from "./resample.ts";

/** What a network's numbers for a pixel are. */
export interface Colours {
  /** Less the mean of ImageNet, from 0 to 1, or from 0 to 255. */
  readonly pixels?: "imagenet" | "shares" | "bytes";
  readonly channels?: "rgb" | "bgr";
}

/** What is beside a picture that does not fill the network's. */
const PADDING = 114;
const IMAGENET_MEAN = [0.485, 0.456, 0.406] as const;
const IMAGENET_STD = [0.229, 0.224, 0.225] as const;

/** Pixels (red, green, blue, 0 to 255) as the network wants them. */
export function packPixels(
  rgb: Float32Array,
  { layout, type }: ModelInput,
  { pixels = "imagenet", channels = "rgb" }: Colours,
): Float32Array {
  const places = rgb.length / 3;
  const packed = new Float32Array(rgb.length);
  for (let channel = 0; channel < 3; channel++) {
    const from = channels === "rgb" ? channel : 2 - channel;
    const imagenet = pixels === "imagenet" && type === "float32";
    const mean = imagenet ? (IMAGENET_MEAN[from] as number) : 0;
    const std = imagenet ? (IMAGENET_STD[from] as number) : 1;
    const unit = pixels === "bytes" || type === "uint8" ? 1 : 255;
    for (let place = 0; place < places; place++) {
      const to = layout === "NCHW" ? channel * places + place : place * 3 + channel;
      packed[to] = ((rgb[place * 3 + from] as number) / unit - mean) / std;
    }
  }
  return packed;
}

/** The whole picture in the upper left corner of the network's, grey beside it. */
export function fitPicture(picture: Picture, { width, height }: ModelInput, scale: number): Float32Array {
  const inner = {
    width: Math.max(1, Math.min(width, Math.round(picture.width * scale))),
    height: Math.max(1, Math.min(height, Math.round(picture.height * scale))),
  };
  const pixels = resample(picture, { left: 0, top: 0, width: picture.width, height: picture.height }, inner);
  const fitted = new Float32Array(width * height * 3).fill(PADDING);
  for (let y = 0; y < inner.height; y++) {
    fitted.set(pixels.subarray(y * inner.width * 3, (y + 1) * inner.width * 3), y * width * 3);
  }
  return fitted;
}
