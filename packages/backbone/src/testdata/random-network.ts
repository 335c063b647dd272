import { SeededRandom } from "@followspot/domain";
import type { NetworkHeader } from "../network-file.ts";
import { encodeNetwork } from "./encode-network.ts";

type Layer = NetworkHeader["layers"][number];

/** A file of these layers with random weights that keep the size of what passes through. */
export function randomNetworkFile(
  seed: number,
  layers: readonly Layer[],
  outputs: NetworkHeader["outputs"],
): Uint8Array {
  const random = new SeededRandom(seed);
  const header = {
    version: 1,
    mean: [0.48, 0.45, 0.4],
    std: [0.23, 0.22, 0.24],
    layers,
    outputs,
    extras: { mixing: { rows: 3, cols: 5 } },
  };
  const numbers: number[] = [];
  for (const layer of layers) {
    const fan = layer.in * (layer.kind === "conv3" ? 9 : 1);
    for (let weight = 0; weight < layer.out * fan; weight++) {
      numbers.push(random.normal() * Math.sqrt(2 / fan));
    }
    for (let bias = 0; bias < layer.out; bias++) numbers.push(random.normal() * 0.1);
  }
  for (let number = 0; number < 15; number++) numbers.push(random.normal());
  return encodeNetwork(header, numbers);
}

const conv3 = (name: string, input: string, from: number, to: number, more: Partial<Layer> = {}): Layer => ({
  name,
  kind: "conv3",
  stride: 1,
  in: from,
  out: to,
  relu: true,
  input,
  ...more,
});

/** A network of the shape that the understudy uses. */
export function stageNetworkFile(seed: number): Uint8Array {
  return randomNetworkFile(
    seed,
    [
      conv3("c1", "image", 3, 16, { stride: 2 }),
      conv3("c2", "c1", 16, 32, { stride: 2 }),
      conv3("r2", "c2", 32, 32, { add: "c2" }),
      conv3("c3", "r2", 32, 64, { stride: 2 }),
      conv3("r3a", "c3", 64, 64),
      conv3("r3b", "r3a", 64, 64, { add: "c3" }),
      conv3("c4", "r3b", 64, 128, { stride: 2 }),
      conv3("r4a", "c4", 128, 128),
      conv3("r4b", "r4a", 128, 128, { add: "c4" }),
      conv3("c5", "r4b", 128, 128, { stride: 2 }),
      conv3("r5a", "c5", 128, 128),
      conv3("r5b", "r5a", 128, 128, { add: "c5" }),
      { ...conv3("figure", "r3b", 64, 6), kind: "conv1", relu: false },
    ],
    { fine: "r3b", deep: "r4b", wide: "r5b", figure: "figure" },
  );
}
