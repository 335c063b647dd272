import type { NetworkLayer } from "./network-file.ts";
import { IMAGE_CHANNELS, storedChannels } from "./plan-memory.ts";

/**
 * A layer's weights in the order in which the kernel reads them: for eight output channels at a time, row of taps,
 * column, input channel, output channel. Channels that exist in memory only have zero weights.
 */
export function packWeights(layer: NetworkLayer): {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
} {
  const { taps } = layer;
  const inputs = layer.input < 0 ? IMAGE_CHANNELS : storedChannels(layer.in);
  const outputs = storedChannels(layer.out);
  const weights = new Float32Array(outputs * taps * taps * inputs);
  const bias = new Float32Array(outputs);
  bias.set(layer.bias);
  let from = 0;
  for (let output = 0; output < layer.out; output++) {
    const block = (output >> 3) * taps * taps * inputs * 8 + (output & 7);
    for (let input = 0; input < layer.in; input++) {
      for (let tap = 0; tap < taps * taps; tap++, from++) {
        weights[block + (tap * inputs + input) * 8] = layer.weights[from] as number;
      }
    }
  }
  return { weights, bias };
}
