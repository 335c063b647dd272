import type { Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { type Kernels, openKernels, reserve } from "./kernels.ts";
import { decodeNetwork, type Matrix, type Network } from "./network-file.ts";
import { packTileWeights } from "./pack-tile-weights.ts";
import { packWeights } from "./pack-weights.ts";
import { IMAGE_CHANNELS, type MapPlace, type MemoryPlan, planMemory, storedChannels } from "./plan-memory.ts";

/** Sides of a picture that is taken, in pixels. */
export const MIN_SIDE = 16;
export const MAX_SIDE = 1280;
const MAX_MEMORY_BYTES = 320 * 1024 * 1024;

/** The first bytes are left alone: address 0 means "none" to the kernels. */
const FIRST_ADDRESS = 1024;
const COLOURS = 256;

/** What a layer says about every place of the picture: row by row, place by place, channel by channel. */
export interface FeatureMap {
  readonly channels: number;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** From fine to wide each cell covers more of the picture. */
export interface FeatureMaps {
  readonly fine: FeatureMap;
  readonly deep: FeatureMap;
  /** Where the network has such an output. */
  readonly wide?: FeatureMap;
  readonly figure: FeatureMap;
}

/** Room for transformed tiles: small enough to stay in a core's own cache, large enough for one of 1024 channels. */
const SCRATCH_BYTES = 128 * 1024;
const TILE_PLACES = 16;

interface PackedLayer {
  readonly weights: number;
  readonly bias: number;
  /** Worked on tile by tile, with fewer multiplications. */
  readonly tiled: boolean;
}

/**
 * Reads a network file.
 * @throws UserError one sentence that says what is wrong with the file.
 */
export function openBackbone(bytes: Uint8Array): Backbone {
  return new Backbone(decodeNetwork(bytes));
}

/**
 * A convolutional network, run on one core in WebAssembly; the same picture gives the same bits on every machine. Its
 * memory grows to the largest picture it has seen and is used again for every picture: one instance a thread.
 */
export class Backbone {
  readonly extras: Readonly<Record<string, Matrix>>;
  readonly #network: Network;
  readonly #kernels: Kernels;
  readonly #packed: readonly PackedLayer[];
  readonly #table: number;
  readonly #zeros: number;
  readonly #scratch: number;
  readonly #base: number;
  #plan: MemoryPlan | undefined;

  constructor(network: Network) {
    this.#network = network;
    this.extras = network.extras;
    this.#kernels = openKernels();
    let at = FIRST_ADDRESS;
    const store = (numbers: Float32Array): number => {
      const address = at;
      at = (at + numbers.byteLength + 63) & ~63;
      reserve(this.#kernels, at);
      new Float32Array(this.#kernels.memory.buffer, address, numbers.length).set(numbers);
      return address;
    };
    this.#table = store(colourTable(network));
    this.#packed = network.layers.map((layer) => {
      const tiled = layer.taps === 3 && layer.stride === 1 && layer.input >= 0;
      const { weights, bias } = tiled ? packTileWeights(layer) : packWeights(layer);
      return { weights: store(weights), bias: store(bias), tiled };
    });
    this.#zeros = store(new Float32Array(Math.max(...network.layers.map(({ out }) => storedChannels(out)))));
    this.#scratch = at;
    this.#base = at + SCRATCH_BYTES;
  }

  /**
   * Runs the picture through the network. The maps are the caller's to keep.
   * @throws UserError for a picture with a side below 16 or above 1280 pixels.
   */
  run(picture: Picture): FeatureMaps {
    const plan = this.#planFor(picture);
    const { memory, writeImage, clearBorder } = this.#kernels;
    const { image } = plan;
    new Uint8Array(memory.buffer, plan.rgb, picture.rgb.length).set(picture.rgb);
    writeImage(plan.rgb, image.at, image.width, image.height, this.#table);
    clearBorder(image.at, image.width, image.height, IMAGE_CHANNELS * 4);
    for (let place = 0; place < plan.layers.length; place++) this.#runLayer(plan, place);
    const { fine, deep, wide, figure } = this.#network.outputs;
    return {
      fine: this.#copy(plan, fine),
      deep: this.#copy(plan, deep),
      ...(wide === undefined ? {} : { wide: this.#copy(plan, wide) }),
      figure: this.#copy(plan, figure),
    };
  }

  #planFor({ rgb, width, height }: Picture): MemoryPlan {
    if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) {
      throw new UserError(
        `the picture is ${width} x ${height} pixels, the network takes sides from ${MIN_SIDE} to ${MAX_SIDE}`,
      );
    }
    if (rgb.length !== width * height * 3) {
      throw new RangeError(`${rgb.length} bytes are no picture of ${width} x ${height} pixels`);
    }
    const former = this.#plan;
    if (former && former.image.width === width && former.image.height === height) return former;
    const plan = planMemory(this.#network, { width, height }, this.#base);
    if (plan.bytes > MAX_MEMORY_BYTES) {
      throw new UserError(
        `the network needs ${plan.bytes >> 20} MB for a picture of ${width} x ${height} pixels, ` +
          `at most ${MAX_MEMORY_BYTES >> 20} MB are allowed: make the picture smaller`,
      );
    }
    reserve(this.#kernels, plan.bytes);
    this.#plan = plan;
    return plan;
  }

  #runLayer(plan: MemoryPlan, place: number): void {
    const layer = this.#network.layers[place];
    const packed = this.#packed[place];
    const output = plan.layers[place];
    const input = layer && layer.input >= 0 ? plan.layers[layer.input] : plan.image;
    if (!layer || !packed || !output || !input) throw new RangeError(`there is no layer ${place}`);
    const add = layer.add === undefined ? undefined : plan.layers[layer.add];
    const addAt = add ? firstPixel(add) : 0;
    const relu = layer.relu ? 1 : 0;
    const inputStep = input.channels * 4;
    const outputStep = output.channels * 4;
    this.#kernels.clearBorder(output.at, output.width, output.height, outputStep);
    if (packed.tiled) {
      this.#kernels.convolveTiles(
        input.at,
        inputStep,
        firstPixel(output),
        outputStep,
        output.width,
        output.height,
        packed.weights,
        packed.bias,
        this.#zeros,
        addAt,
        relu,
        this.#scratch,
        Math.floor(SCRATCH_BYTES / TILE_PLACES / (inputStep + outputStep)),
      );
      return;
    }
    const inputRow = (input.width + 2) * inputStep;
    this.#kernels.convolve(
      layer.taps === 3 ? input.at : firstPixel(input),
      inputRow,
      inputRow * layer.stride,
      inputStep * layer.stride,
      firstPixel(output),
      (output.width + 2) * outputStep,
      outputStep,
      output.width,
      output.height,
      layer.taps,
      layer.taps * input.channels,
      packed.weights,
      packed.bias,
      addAt,
      relu,
    );
  }

  /** Without the border, and without the channels that exist in memory only. */
  #copy(plan: MemoryPlan, place: number): FeatureMap {
    const map = plan.layers[place];
    const channels = this.#network.layers[place]?.out;
    if (!map || !channels) throw new RangeError(`there is no layer ${place}`);
    const { width, height } = map;
    const data = new Float32Array(width * height * channels);
    const stored = new Float32Array(this.#kernels.memory.buffer);
    for (let y = 0; y < height; y++) {
      let from = firstPixel(map) / 4 + y * (width + 2) * map.channels;
      if (channels === map.channels) {
        data.set(stored.subarray(from, from + width * channels), y * width * channels);
        continue;
      }
      for (let x = 0; x < width; x++, from += map.channels) {
        data.set(stored.subarray(from, from + channels), (y * width + x) * channels);
      }
    }
    return { channels, width, height, data };
  }
}

/** Where the first pixel inside the border lies. */
function firstPixel({ at, width, channels }: MapPlace): number {
  return at + (width + 3) * channels * 4;
}

/** What each 8-bit value of red, green and blue means to the network. */
function colourTable({ mean, std }: Network): Float32Array {
  const table = new Float32Array(3 * COLOURS);
  for (let channel = 0; channel < 3; channel++) {
    for (let value = 0; value < COLOURS; value++) {
      table[channel * COLOURS + value] = (value / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    }
  }
  return table;
}
