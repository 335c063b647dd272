import { create } from "@bufbuild/protobuf";
import {
  type InferParameter,
  type ModelInferRequest,
  ModelInferRequestSchema,
  type ModelInferResponse,
} from "@followspot/schema/inference/grpc_service";
import { InferenceError } from "./inference-error.ts";
import {
  decodeBool,
  decodeFp32,
  decodeInt64,
  decodeStrings,
  elementsOf,
  encodeBytes,
} from "./tensor-codec.ts";

/** An input, already in raw bytes. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: "BYTES" | "FP32" | "INT64" | "BOOL";
  readonly shape: readonly number[];
  readonly raw: RawContents;
}

/** The bytes of a tensor, or pieces that make them up in this order, so that what is large need not be copied. */
export type RawContents = Uint8Array | readonly Uint8Array[];

/** An element of this size or more stays where it lies. */
const LARGE_ELEMENT_BYTES = 16 * 1024;

/** A BYTES input of one dimension, `[elements.length]`. A large element must not change until the call has ended. */
export function bytesTensor(name: string, elements: readonly (string | Uint8Array)[]): InputTensor {
  const large = elements.some((element) => element.length >= LARGE_ELEMENT_BYTES);
  const raw = large ? elements.flatMap(elementPieces) : encodeBytes(elements);
  return { name, datatype: "BYTES", shape: [elements.length], raw };
}

function elementPieces(element: string | Uint8Array): readonly Uint8Array[] {
  if (typeof element === "string") return [encodeBytes([element])];
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(element.length);
  return [length, element];
}

/** Contents piece by piece. */
export function rawPieces(raw: RawContents): readonly Uint8Array[] {
  return raw instanceof Uint8Array ? [raw] : raw;
}

export interface InferRequestParts {
  readonly model: string;
  /** Echoed by the server; what an answer is correlated by. */
  readonly id: string;
  readonly inputs: readonly InputTensor[];
  /** All of the model's outputs where left out. */
  readonly outputs?: readonly string[];
  readonly parameters?: Readonly<Record<string, boolean | string | bigint>>;
}

/** A request with raw contents only, the one form that every KServe server takes. */
export function inferRequest(parts: InferRequestParts): ModelInferRequest {
  const request = inferHead(parts);
  request.rawInputContents = parts.inputs.map(({ raw }) =>
    raw instanceof Uint8Array ? raw : Buffer.concat(raw),
  );
  return request;
}

/** A request without its contents. */
export function inferHead({
  model,
  id,
  inputs,
  outputs = [],
  parameters = {},
}: InferRequestParts): ModelInferRequest {
  return create(ModelInferRequestSchema, {
    modelName: model,
    id,
    inputs: inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape: shape.map(BigInt) })),
    outputs: outputs.map((name) => ({ name })),
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, { parameterChoice: parameterChoice(value) }]),
    ),
  });
}

function parameterChoice(value: boolean | string | bigint): InferParameter["parameterChoice"] {
  if (typeof value === "boolean") return { case: "boolParam", value };
  if (typeof value === "bigint") return { case: "int64Param", value };
  return { case: "stringParam", value };
}

type WithParameters = Pick<ModelInferResponse, "parameters">;

/** A string parameter of a request or answer, or undefined where there is none of that name and type. */
export function stringParameter(message: WithParameters, name: string): string | undefined {
  const choice = message.parameters[name]?.parameterChoice;
  return choice?.case === "stringParam" ? choice.value : undefined;
}

/** A boolean parameter of a request or answer, or undefined where there is none of that name and type. */
export function boolParameter(message: WithParameters, name: string): boolean | undefined {
  const choice = message.parameters[name]?.parameterChoice;
  return choice?.case === "boolParam" ? choice.value : undefined;
}

type Decoded = { BYTES: string[]; FP32: Float32Array; INT64: BigInt64Array; BOOL: boolean[] };

const DECODERS: { [T in keyof Decoded]: (raw: Uint8Array, count: number) => Decoded[T] } = {
  BYTES: decodeStrings,
  FP32: decodeFp32,
  INT64: decodeInt64,
  BOOL: decodeBool,
};

/**
 * One output of an answer, decoded into memory of its own.
 * @param shape what it must be; undefined stands for any size
 * @throws InferenceError malformed-answer where it is missing or anything about it is otherwise than asked
 */
export function outputTensor<T extends keyof Decoded>(
  response: ModelInferResponse,
  { name, datatype, shape }: { name: string; datatype: T; shape: readonly (number | undefined)[] },
): Decoded[T] {
  const index = response.outputs.findIndex((output) => output.name === name);
  const output = response.outputs[index];
  const raw = response.rawOutputContents[index];
  if (!output) throw malformed(`the answer has no output "${name}"`);
  if (!raw) throw malformed(`output "${name}" has no raw contents`);
  if (output.datatype !== datatype) {
    throw malformed(`output "${name}" is ${output.datatype}, where ${datatype} was expected`);
  }
  const fits =
    output.shape.length === shape.length &&
    shape.every((size, axis) => size === undefined || Number(output.shape[axis]) === size);
  if (!fits) {
    const expected = shape.map((size) => size ?? -1);
    throw malformed(
      `output "${name}" has shape [${output.shape.join()}], where [${expected.join()}] was expected`,
    );
  }
  return DECODERS[datatype](raw, elementsOf(output.shape));
}

function malformed(message: string): InferenceError {
  return new InferenceError("malformed-answer", message);
}
