import { UserError } from "@followspot/domain";
import { encodeJpeg, Sensor } from "./camera.ts";
import { paintLayers, SpriteShelf } from "./layer.ts";
import { illuminate } from "./light.ts";
import { FRAME_LAYER, setStage, STAGE_HEIGHT, STAGE_WIDTH } from "./stage.ts";
import { lightAt } from "./stage-light.ts";
import { DURATION_MS } from "./story/scenes.ts";
import { blankPicture, paint, type Picture } from "./surface.ts";
import { scaling } from "./transform.ts";

export interface FrameSize {
  /** Pixels, 64 to 1920. */
  readonly width: number;
  /** Pixels; must fit 16:9 to within a pixel. */
  readonly height: number;
  /** Of the sensor's noise. The play itself is always the same. */
  readonly seed?: number;
}

const JPEG_QUALITY = 82;
const NOISE = 2.4;
const WARM_UP_STEP_MS = 100;
const GAMMA = 1 / 2.2;

/**
 * Plays the show into pictures of one size. Sprites are rasterised when they are first seen and kept (about 20 MB at
 * 640 x 360), so the first picture of each scene takes longer; `warmUp` does that beforehand.
 */
export class ShowRenderer {
  readonly #shelf = new SpriteShelf();
  readonly #sensor: Sensor;
  readonly #size: Required<FrameSize>;
  readonly #pixelsPerUnit: number;

  /** @throws UserError where the size is not 16:9 or out of range. */
  constructor({ width, height, seed = 1 }: FrameSize) {
    const fits = Number.isInteger(width) && Number.isInteger(height) && width >= 64 && width <= 1_920;
    if (!fits || Math.abs(height - (width * STAGE_HEIGHT) / STAGE_WIDTH) > 1) {
      throw new UserError(
        `the sample show cannot be ${width} x ${height} pixels: choose a 16:9 size such as 640 x 360`,
      );
    }
    this.#size = { width, height, seed };
    this.#sensor = new Sensor(seed);
    this.#pixelsPerUnit = width / STAGE_WIDTH;
  }

  /** Rasterises every drawing of the show now (1 to 3 s), so that no later picture has to wait for one. */
  async warmUp(signal?: AbortSignal): Promise<void> {
    for (let timeMs = 0; timeMs < DURATION_MS; timeMs += WARM_UP_STEP_MS) {
      signal?.throwIfAborted();
      const { layers, frame } = setStage(timeMs);
      await Promise.all([...layers, frame].map((layer) => this.#shelf.get(layer, this.#pixelsPerUnit)));
    }
  }

  /** The picture at `timeMs` (the show loops) as RGB, three bytes a pixel. */
  async renderRgb(timeMs: number): Promise<Buffer> {
    const { width, height, seed } = this.#size;
    const picture = blankPicture(width, height);
    const { layers, present } = setStage(timeMs);
    const light = lightAt(timeMs, present);
    await paintLayers(picture, layers, { shelf: this.#shelf, pixelsPerUnit: this.#pixelsPerUnit });
    illuminate(picture, light.stage);
    await this.#paintFrame(picture, light.house);
    return this.#sensor.expose(picture, { strength: NOISE, seed: seed + Math.round(timeMs) });
  }

  /** The picture at `timeMs` as a JPEG. */
  async renderJpeg(timeMs: number): Promise<Buffer> {
    const { width, height } = this.#size;
    return encodeJpeg(await this.renderRgb(timeMs), { width, height, quality: JPEG_QUALITY });
  }

  async #paintFrame(picture: Picture, house: number): Promise<void> {
    const sprite = await this.#shelf.get(FRAME_LAYER, this.#pixelsPerUnit);
    paint(picture, sprite, scaling(this.#pixelsPerUnit), house ** GAMMA);
  }
}

const renderers = new Map<string, ShowRenderer>();
const MAX_RENDERERS = 4;

function rendererFor({ width, height, seed = 1 }: FrameSize): ShowRenderer {
  const key = `${width}x${height} ${seed}`;
  let renderer = renderers.get(key);
  if (!renderer) {
    renderer = new ShowRenderer({ width, height, seed });
    const [oldest] = renderers.keys();
    if (renderers.size >= MAX_RENDERERS && oldest !== undefined) renderers.delete(oldest);
    renderers.set(key, renderer);
  }
  return renderer;
}

/** The show at `timeMs` as a JPEG. Same time, size and seed: same bytes. */
export function renderFrame(timeMs: number, size: FrameSize): Promise<Buffer> {
  return rendererFor(size).renderJpeg(timeMs);
}

/** The show at `timeMs` as raw RGB, three bytes a pixel, row by row. */
export function renderFrameRgb(timeMs: number, size: FrameSize): Promise<Buffer> {
  return rendererFor(size).renderRgb(timeMs);
}
