import type { Box, Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { describeOutputs } from "./describe-outputs.ts";
import type { ModelOutputs } from "./model-outputs.ts";
import { type Colours, fitPicture, packPixels } from "./pack-pixels.ts";
import { readDetections } from "./read-detections.ts";
import { resample } from "./resample.ts";
import { type RunningModel, runModel } from "./run-model.ts";
import { type Proposal, suppressOverlaps } from "./suppress-overlaps.ts";

const OVERLAP = 0.55;
/** A crop shows a little of what is around its subject. */
const MARGIN = 0.05;

export interface OnnxBackboneParts extends RunningModel {
  readonly outputs: ModelOutputs;
  readonly colours: Colours;
}

/** A network that the user supplied. `openOnnxBackbone` makes it. */
export class OnnxBackbone {
  readonly #parts: OnnxBackboneParts;

  constructor({ colours, ...parts }: OnnxBackboneParts) {
    // Detectors of grids are trained on bytes, blue first; nearly everything else on what ImageNet made usual.
    const usual: Colours =
      parts.outputs.detector?.kind === "grid" ? { pixels: "bytes", channels: "bgr" } : {};
    this.#parts = { ...parts, colours: { ...usual, ...colours } };
  }

  get canEmbed(): boolean {
    return this.#parts.outputs.features.length > 0;
  }

  get canPropose(): boolean {
    return this.#parts.outputs.detector !== undefined;
  }

  /**
   * What is in a box (or, without one, in the whole picture) as a vector of length 1; the dot product of two tells how
   * alike they look.
   * @throws UserError where the network gives out no features.
   */
  async embed(picture: Picture, box?: Box): Promise<Float32Array> {
    const { input, outputs, path, colours } = this.#parts;
    if (!this.canEmbed) {
      throw new UserError(`${path}: the network answers boxes only, take one that gives out features too`);
    }
    const crop = box ? withMargin(box, picture) : wholeOf(picture);
    if (crop.width <= 0 || crop.height <= 0) throw new RangeError("the box lies outside the picture");
    const pixels = resample(picture, crop, input);
    const answer = await runModel(this.#parts, packPixels(pixels, input, colours));
    return describeOutputs(
      outputs.features.map((name) => answer.get(name)).filter((output) => output !== undefined),
      input,
    );
  }

  /**
   * Where somebody or something may be, whoever it is; best first, at most `limit`.
   * @throws UserError where the network is no detector.
   */
  async propose(picture: Picture, limit = 10): Promise<Proposal[]> {
    const { input, outputs, path, colours } = this.#parts;
    if (!outputs.detector) throw new UserError(`${path}: the network answers no boxes, it is no detector`);
    const scale = Math.min(input.width / picture.width, input.height / picture.height);
    const pixels = fitPicture(picture, input, scale);
    const answer = await runModel(this.#parts, packPixels(pixels, input, colours));
    const proposals = readDetections(outputs.detector, answer, input)
      .map(({ box, score }) => ({ box: toPicture(box, scale, picture), score }))
      .filter(({ box }) => box.width >= 1 && box.height >= 1);
    return suppressOverlaps(proposals, { limit, overlap: OVERLAP });
  }

  async close(): Promise<void> {
    await this.#parts.session.release();
  }
}

function wholeOf({ width, height }: Picture): Box {
  return { left: 0, top: 0, width, height };
}

function withMargin({ left, top, width, height }: Box, picture: Picture): Box {
  return within(
    {
      left: left - width * MARGIN,
      top: top - height * MARGIN,
      width: width * (1 + 2 * MARGIN),
      height: height * (1 + 2 * MARGIN),
    },
    picture,
  );
}

function toPicture({ left, top, width, height }: Box, scale: number, picture: Picture): Box {
  const sides = { left: left / scale, top: top / scale, width: width / scale, height: height / scale };
  return within(sides, picture);
}

/** What of a box lies in the picture; without width or height where nothing does. */
function within(box: Box, picture: Picture): Box {
  const left = Math.max(0, box.left);
  const top = Math.max(0, box.top);
  const right = Math.min(picture.width, box.left + box.width);
  const bottom = Math.min(picture.height, box.top + box.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}
