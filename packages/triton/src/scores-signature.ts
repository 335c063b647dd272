/** What a server says about one tensor: -1 stands for a variable size. */
export interface TensorSignature<T extends string = string> {
  readonly name: string;
  readonly type: T;
  readonly dims: readonly number[];
  readonly optional?: true;
}

/** The inputs of the `scores` contract, for servers that speak it; our client asks for less (see model-contract.ts). */
export const SCORES_INPUTS: readonly TensorSignature<"BYTES">[] = [
  { name: "image", type: "BYTES", dims: [1] },
  { name: "labels", type: "BYTES", dims: [-1], optional: true },
  { name: "prompt", type: "BYTES", dims: [1], optional: true },
];

export const SCORES_OUTPUTS: readonly TensorSignature<"BYTES" | "FP32">[] = [
  { name: "label", type: "BYTES", dims: [-1] },
  { name: "score", type: "FP32", dims: [-1] },
  { name: "raw", type: "FP32", dims: [-1] },
  { name: "box", type: "FP32", dims: [-1, 4] },
  { name: "unknown", type: "FP32", dims: [1] },
];
