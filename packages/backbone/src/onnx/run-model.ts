import { UserError } from "@followspot/domain";
import { firstLine, type OnnxRuntime, type OnnxSession } from "./load-onnx-runtime.ts";
import type { ModelInput } from "./model-input.ts";
import type { Output } from "./model-outputs.ts";

export interface RunningModel {
  readonly path: string;
  readonly library: OnnxRuntime;
  readonly session: OnnxSession;
  readonly input: ModelInput;
}

/**
 * The float outputs of a network by name, for pixels as it wants them.
 * @throws UserError where the network fails on them.
 */
export async function runModel(
  { path, library, session, input }: RunningModel,
  pixels: Float32Array,
): Promise<ReadonlyMap<string, Output>> {
  const { name, type, layout, width, height } = input;
  const dims = layout === "NCHW" ? [1, 3, height, width] : [1, height, width, 3];
  const data = type === "uint8" ? Uint8Array.from(pixels, Math.round) : pixels;
  let answer: Awaited<ReturnType<OnnxSession["run"]>>;
  try {
    answer = await session.run({ [name]: new library.Tensor(type, data, dims) });
  } catch (cause) {
    throw new UserError(`${path}: the network cannot be run (${firstLine(cause)})`, { cause });
  }
  const floats = Object.entries(answer).flatMap(([output, tensor]) =>
    tensor.data instanceof Float32Array ? [{ name: output, dims: tensor.dims, data: tensor.data }] : [],
  );
  return new Map(floats.map((output) => [output.name, output]));
}
