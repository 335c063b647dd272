import { create } from "@bufbuild/protobuf";
import {
  type InferParameter,
  InferParameterSchema,
  type ModelInferResponse,
  ModelInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { encodeBytes, encodeFp32 } from "@followspot/triton";
import type { Misbehaviour } from "./misbehaviour.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** What a script answers to a request of the `scores` contract. */
export interface ScriptedScores {
  readonly labels: readonly {
    readonly label: string;
    readonly score: number;
    /** The score where left out. */
    readonly raw?: number;
    /** left, top, right, bottom in pixels. */
    readonly box?: readonly [number, number, number, number];
  }[];
  /** 0 where left out. */
  readonly unknown?: number;
}

export interface Output {
  name: string;
  datatype: string;
  shape: readonly number[];
  raw: Uint8Array;
}

const NO_BOX = [NaN, NaN, NaN, NaN];

export interface ScoresOutputOptions {
  readonly wrong?: Misbehaviour | undefined;
  /** Whether every shape begins with a batch of one. */
  readonly batched: boolean;
}

export function scoresOutputs(
  { labels, unknown = 0 }: ScriptedScores,
  { wrong, batched }: ScoresOutputOptions,
): Output[] {
  const batch = batched ? [1] : [];
  const size = labels.length;
  const names = labels.map(({ label }, index) =>
    wrong === "foreign-label" && index === 0 ? "nobody-asked" : label,
  );
  const scores = labels.map(({ score }) => (wrong === "nan-score" ? NaN : score));
  return [
    { name: "label", datatype: "BYTES", shape: [...batch, size], raw: encodeBytes(names) },
    { name: "score", datatype: "FP32", shape: [...batch, size], raw: encodeFp32(scores) },
    {
      name: "raw",
      datatype: "FP32",
      shape: [...batch, size],
      raw: encodeFp32(labels.map(({ raw, score }) => raw ?? score)),
    },
    {
      name: "box",
      datatype: "FP32",
      shape: [...batch, size, 4],
      raw: encodeFp32(labels.flatMap(({ box }) => box ?? NO_BOX)),
    },
    { name: "unknown", datatype: "FP32", shape: [...batch, 1], raw: encodeFp32([unknown]) },
  ];
}

export interface ResponseParts {
  readonly outputs: readonly Output[];
  readonly parameters: Readonly<Record<string, string | boolean>>;
  readonly wrong?: Misbehaviour | undefined;
}

/** A response as Triton sends it: raw contents, the id echoed; with one thing wrong where that was asked for. */
export function inferResponse(
  request: ReceivedRequest,
  { outputs, parameters, wrong }: ResponseParts,
): ModelInferResponse {
  const wanted = request.outputs;
  const sent = outputs
    .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
    .map((o) => ({ ...o }));
  // The one tensor that both contracts have and that every reader needs.
  const first = sent[0];
  if (first && wrong === "wrong-shape") first.shape = [...first.shape, 1];
  if (first && wrong === "wrong-datatype") first.datatype = "UINT8";
  if (first && wrong === "truncated-tensor") first.raw = first.raw.subarray(0, first.raw.length - 1);
  if (wrong === "missing-tensor") sent.shift();
  return create(ModelInferResponseSchema, {
    modelName: request.model,
    modelVersion: "1",
    id: wrong === "wrong-id" ? `not-${request.id}` : request.id,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, parameter(value)]),
    ),
    outputs: sent.map(({ name, datatype, shape }) => ({ name, datatype, shape: shape.map(BigInt) })),
    rawOutputContents: wrong === "no-raw-contents" ? [] : sent.map(({ raw }) => raw),
  });
}

function parameter(value: string | boolean): InferParameter {
  const parameterChoice: InferParameter["parameterChoice"] =
    typeof value === "boolean" ? { case: "boolParam", value } : { case: "stringParam", value };
  return create(InferParameterSchema, { parameterChoice });
}
