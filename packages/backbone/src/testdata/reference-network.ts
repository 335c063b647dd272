import type { Picture } from "@followspot/dataset";
import type { FeatureMap, FeatureMaps } from "../backbone.ts";
import type { Network, NetworkLayer } from "../network-file.ts";

/** The network as its definition says, in double precision and without any cleverness. */
export function runReference(network: Network, picture: Picture): FeatureMaps {
  const image = asMap(network, picture);
  const maps: FeatureMap[] = [];
  for (const layer of network.layers) {
    const input = layer.input < 0 ? image : (maps[layer.input] as FeatureMap);
    maps.push(convolve(layer, input, layer.add === undefined ? undefined : maps[layer.add]));
  }
  const { fine, deep, wide, figure } = network.outputs;
  return {
    fine: maps[fine] as FeatureMap,
    deep: maps[deep] as FeatureMap,
    ...(wide === undefined ? {} : { wide: maps[wide] as FeatureMap }),
    figure: maps[figure] as FeatureMap,
  };
}

function asMap({ mean, std }: Network, { rgb, width, height }: Picture): FeatureMap {
  const data = Float32Array.from(
    rgb,
    (value, at) => (value / 255 - (mean[at % 3] as number)) / (std[at % 3] as number),
  );
  return { channels: 3, width, height, data };
}

function convolve(layer: NetworkLayer, input: FeatureMap, add: FeatureMap | undefined): FeatureMap {
  const { taps, stride, out } = layer;
  const pad = (taps - 1) / 2;
  const width = Math.floor((input.width + 2 * pad - taps) / stride) + 1;
  const height = Math.floor((input.height + 2 * pad - taps) / stride) + 1;
  const data = new Float32Array(width * height * out);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < out; channel++) {
        let sum = layer.bias[channel] as number;
        for (let row = 0; row < taps; row++) {
          for (let column = 0; column < taps; column++) {
            const fromY = y * stride + row - pad;
            const fromX = x * stride + column - pad;
            if (fromY < 0 || fromY >= input.height || fromX < 0 || fromX >= input.width) continue;
            for (let from = 0; from < layer.in; from++) {
              const weight = layer.weights[((channel * layer.in + from) * taps + row) * taps + column];
              sum += (weight as number) * (input.data[(fromY * input.width + fromX) * layer.in + from] as number);
            }
          }
        }
        const at = (y * width + x) * out + channel;
        sum += add?.data[at] ?? 0;
        data[at] = layer.relu ? Math.max(0, sum) : sum;
      }
    }
  }
  return { channels: out, width, height, data };
}
