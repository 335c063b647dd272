import { join } from "node:path";
import { decodePicture, scaleBox } from "@followspot/dataset";
import type { Recognizer } from "./eye.ts";
import { loadCurrentModel, type StoredModel } from "./model-store.ts";
import { type Recognition, recognizePixels } from "./recognize.ts";
import { LOOK_SIDE } from "./train-show.ts";

export interface PictureRecognition extends Recognition {
  /** Size of the upright picture; the boxes are in its pixels. */
  readonly width: number;
  readonly height: number;
  /** Time for looking, without decoding. */
  readonly modelMs: number;
}

/** A trained understudy in this process: for photographs, where no server is needed. */
export interface Understudy extends StoredModel {
  /** @throws UserError where the bytes are no picture that can be decoded. */
  recognize(file: Uint8Array, options?: { readonly labels?: readonly string[] }): Promise<PictureRecognition>;
}

/** @throws NoModel where the show has not been trained, UserError where the model is not usable. */
export async function openUnderstudy(showDir: string): Promise<Understudy> {
  const stored = await loadCurrentModel(join(showDir, "models"));
  return { ...stored, recognize: (file, options) => recognizeFile(stored, file, options?.labels) };
}

/** Decodes a picture of any size, looks at it, and gives boxes in its own pixels. */
export async function recognizeFile(
  recognizer: Recognizer,
  file: Uint8Array,
  labels?: readonly string[],
): Promise<PictureRecognition> {
  const picture = await decodePicture(file, { maxSide: LOOK_SIDE });
  const startedMs = performance.now();
  const { labels: found, unknown } = await recognizePixels(recognizer, picture, labels);
  const modelMs = performance.now() - startedMs;
  const factor = picture.sourceWidth / picture.width;
  return {
    labels: found.map((one) => ({ ...one, box: one.box && scaleBox(one.box, factor) })),
    unknown,
    width: picture.sourceWidth,
    height: picture.sourceHeight,
    modelMs,
  };
}
