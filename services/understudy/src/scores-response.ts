import { create } from "@bufbuild/protobuf";
import type { PictureRecognition } from "@followspot/recognition";
import {
  type ModelInferRequest,
  type ModelInferResponse,
  ModelInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { encodeBytes, encodeFp32 } from "@followspot/triton";

export interface ScoresResponseParts {
  readonly result: PictureRecognition;
  readonly outputs: readonly string[];
  readonly version: string;
  /** Decoding and looking; not the waiting. */
  readonly modelMs: number;
}

/** The answer of the `scores` contract: raw contents, boxes in pixels of the picture that was sent. */
export function scoresResponse(
  request: ModelInferRequest,
  { result, outputs, version, modelMs }: ScoresResponseParts,
): ModelInferResponse {
  const { labels, unknown } = result;
  const size = labels.length;
  const tensors: Record<string, { datatype: string; shape: number[]; raw: () => Uint8Array }> = {
    label: { datatype: "BYTES", shape: [size], raw: () => encodeBytes(labels.map(({ label }) => label)) },
    score: { datatype: "FP32", shape: [size], raw: () => encodeFp32(labels.map(({ score }) => score)) },
    raw: { datatype: "FP32", shape: [size], raw: () => encodeFp32(labels.map(({ raw }) => raw)) },
    box: {
      datatype: "FP32",
      shape: [size, 4],
      raw: () =>
        encodeFp32(
          labels.flatMap(({ box }) =>
            box ? [box.left, box.top, box.left + box.width, box.top + box.height] : [NaN, NaN, NaN, NaN],
          ),
        ),
    },
    unknown: { datatype: "FP32", shape: [1], raw: () => encodeFp32([unknown]) },
  };
  const sent = outputs.flatMap((name) => {
    const tensor = tensors[name];
    return tensor ? [{ name, ...tensor }] : [];
  });
  return create(ModelInferResponseSchema, {
    modelName: request.modelName,
    modelVersion: "1",
    id: request.id,
    parameters: {
      model_ms: { parameterChoice: { case: "stringParam", value: modelMs.toFixed(3) } },
      version: { parameterChoice: { case: "stringParam", value: version } },
    },
    outputs: sent.map(({ name, datatype, shape }) => ({ name, datatype, shape: shape.map(BigInt) })),
    rawOutputContents: sent.map(({ raw }) => raw()),
  });
}
