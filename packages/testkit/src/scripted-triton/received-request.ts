import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { encodeBool, encodeBytes } from "@followspot/triton";
import { invalid } from "./grpc-failure.ts";

/** An input as the server's front end hands it on: in raw bytes, wherever it was sent. */
export interface ReceivedInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly bigint[];
  readonly raw: Uint8Array;
}

export interface ReceivedRequest {
  readonly model: string;
  readonly id: string;
  readonly inputs: readonly ReceivedInput[];
  readonly outputs: readonly string[];
  readonly parameters: ModelInferRequest["parameters"];
}

/** What the front end asks of the value of a parameter that has a meaning. */
const KNOWN_PARAMETERS: Readonly<Record<string, { cases: readonly string[]; expected: string }>> = {
  sequence_start: { cases: ["boolParam"], expected: "bool_param" },
  sequence_end: { cases: ["boolParam"], expected: "bool_param" },
  priority: { cases: ["int64Param", "uint64Param"], expected: "int64_param or uint64_param" },
  timeout: { cases: ["int64Param"], expected: "int64_param" },
  triton_enable_empty_final_response: { cases: ["boolParam"], expected: "bool_param" },
};
const OTHER_CASES = ["int64Param", "boolParam", "stringParam", "doubleParam"];
const RESERVED = "triton_";
const EMPTY_FINAL = "triton_enable_empty_final_response";

/** Takes a request apart as Triton's gRPC front end does, and refuses in its words. @throws GrpcFailure */
export function receive(request: ModelInferRequest): ReceivedRequest {
  const { modelName: model, id, parameters } = request;
  checkParameters(parameters);
  const seen = new Set<string>();
  for (const { name } of request.inputs) {
    if (seen.has(name)) throw invalid(`[request id: ${idOf(id)}] input '${name}' already exists in request`);
    seen.add(name);
  }
  return {
    model,
    id,
    parameters,
    outputs: [...new Set(request.outputs.map(({ name }) => name))],
    inputs: request.inputs.map((input, index) => ({
      name: input.name,
      datatype: input.datatype,
      shape: input.shape,
      raw: contentsOf(request, index),
    })),
  };
}

/** As the server's messages name a request. */
export function idOf(id: string): string {
  return id || "<id_unknown>";
}

function checkParameters(parameters: ModelInferRequest["parameters"]): void {
  for (const [name, { parameterChoice }] of Object.entries(parameters)) {
    const known = KNOWN_PARAMETERS[name];
    const given = parameterChoice.case ?? "";
    if (known && !known.cases.includes(given)) {
      throw invalid(`invalid value type for '${name}' parameter, expected ${known.expected}.`);
    }
    if (!known && name.startsWith(RESERVED)) {
      throw invalid(
        `parameter keys starting with '${RESERVED}' are reserved for Triton usage. Only the following keys starting ` +
          `with '${RESERVED}' are allowed: ${EMPTY_FINAL}`,
      );
    }
    if (!known && !OTHER_CASES.includes(given)) {
      throw invalid(
        `invalid value type for '${name}' parameter, expected int64_param, bool_param, or string_param.`,
      );
    }
  }
}

type TypedContents = NonNullable<ModelInferRequest["inputs"][number]["contents"]>;

/** The typed contents that exist, with the data type that each stands for. Scripts take the first two. */
const TYPED: readonly [keyof TypedContents, string][] = [
  ["bytesContents", "BYTES"],
  ["boolContents", "BOOL"],
  ["intContents", "INT32"],
  ["int64Contents", "INT64"],
  ["uintContents", "UINT32"],
  ["uint64Contents", "UINT64"],
  ["fp32Contents", "FP32"],
  ["fp64Contents", "FP64"],
];

function contentsOf({ modelName, inputs, rawInputContents }: ModelInferRequest, index: number): Uint8Array {
  const { name = "", datatype = "", contents } = inputs[index] ?? {};
  if (rawInputContents.length > 0) {
    if (contents) {
      throw invalid(
        `contents field must not be specified when using raw_input_contents for '${name}' for model '${modelName}'`,
      );
    }
    const raw = rawInputContents[index];
    if (raw) return raw;
  }
  const [field, type] = TYPED.find(([key]) => (contents?.[key] as unknown[] | undefined)?.length) ?? [];
  if (!contents || !field || !type) {
    throw invalid(`unable to find data for input tensor '${name}' for model '${modelName}' in request.`);
  }
  if (type !== datatype) {
    throw invalid(
      `unexpected explicit tensor data for input tensor '${name}' for model '${modelName}' of type '${type}', ` +
        `expected datatype '${datatype}'`,
    );
  }
  return field === "bytesContents" ? encodeBytes(contents.bytesContents) : encodeBool(contents.boolContents);
}
