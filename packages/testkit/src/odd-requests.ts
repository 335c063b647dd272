import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  GRPCInferenceService,
  type InferParameter,
  ModelInferRequestSchema,
  type ModelInferResponse,
} from "@followspot/schema/inference/grpc_service";
import { encodeBytes, parseServerAddress, toGrpcMethod } from "@followspot/triton";
import { Client, credentials, Metadata, type MethodDefinition, status } from "@grpc/grpc-js";

/** Two models that every server under comparison has, by these names. */
export const SCORES_MODEL = "scores";
export const VLLM_MODEL = "vllm";

const DEADLINE_MS = 20_000;
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

type Message = MessageInitShape<typeof ModelInferRequestSchema>;
type Parameter = InferParameter["parameterChoice"];

const rpc = GRPCInferenceService.method;

const bytes = (name: string, ...elements: (string | Uint8Array)[]) => ({
  tensor: { name, datatype: "BYTES", shape: [BigInt(elements.length)] },
  raw: encodeBytes(elements),
});
const bool = (name: string, value: number) => ({
  tensor: { name, datatype: "BOOL", shape: [1n] },
  raw: Uint8Array.of(value),
});
const image = bytes("image", JPEG);
const labels = bytes("labels", "wolf", "hood");
const text = bytes("text_input", "Who?");

type Input = ReturnType<typeof bytes>;

/** A request of the `scores` model, with whatever is said otherwise. */
function scores(inputs: readonly Input[] = [image, labels], other: Message = {}): Message {
  return {
    modelName: SCORES_MODEL,
    id: "odd",
    inputs: inputs.map(({ tensor }) => tensor),
    rawInputContents: inputs.map(({ raw }) => raw),
    ...other,
  };
}

function vllm(inputs: readonly Input[] = [text], other: Message = {}): Message {
  return scores(inputs, { modelName: VLLM_MODEL, ...other });
}

const reshaped = (input: Input, ...shape: bigint[]) => ({ ...input, tensor: { ...input.tensor, shape } });
const retyped = (input: Input, datatype: string) => ({ ...input, tensor: { ...input.tensor, datatype } });
const reraw = (input: Input, raw: Uint8Array) => ({ ...input, raw });
const parameter = (name: string, parameterChoice: Parameter): Message => ({
  parameters: { [name]: { parameterChoice } },
});
const sampling = (value: unknown) =>
  bytes("sampling_parameters", typeof value === "string" ? value : JSON.stringify(value));

/** Inferences that are odd in one way each. Each is asked by ModelInfer and by ModelStreamInfer. */
export const ODD_INFERENCES: Readonly<Record<string, Message>> = {
  "as it should be": scores(),
  "no id": scores(undefined, { id: "" }),
  "unknown model": scores(undefined, { modelName: "nobody" }),
  "no model name": scores(undefined, { modelName: "" }),
  "unknown version": scores(undefined, { modelVersion: "7" }),
  "version that is no number": scores(undefined, { modelVersion: "latest" }),
  "known version": scores(undefined, { modelVersion: "1" }),
  "no input": scores([]),
  "an optional input instead of the required one": scores([labels]),
  "an unknown input": scores([image, bytes("picture", JPEG)]),
  "an unknown input only": scores([bytes("picture", JPEG)]),
  "more inputs than there are": scores([image, labels, bytes("prompt", "x"), bytes("picture", JPEG)]),
  "an input twice": scores([image, image]),
  "another data type": scores([retyped(image, "UINT8")]),
  "a data type that does not exist": scores([retyped(image, "PICTURE")]),
  "another rank": scores([reshaped(image, 1n, 1n)]),
  "another size": scores([bytes("image", JPEG, JPEG)]),
  "no shape": scores([reshaped(image)]),
  "a negative size": scores([image, reshaped(labels, -1n)]),
  "fewer elements than the shape says": scores([image, reshaped(labels, 3n)]),
  "more elements than the shape says": scores([image, reshaped(labels, 1n)]),
  "an element longer than the tensor": scores([reraw(image, Uint8Array.of(9, 0, 0, 0, 1))]),
  "a tensor without a whole length": scores([reraw(image, Uint8Array.of(9, 0))]),
  "an empty raw tensor": scores([reraw(image, new Uint8Array())]),
  "fewer raw contents than inputs": scores(undefined, { rawInputContents: [image.raw] }),
  "more raw contents than inputs": scores(undefined, {
    rawInputContents: [image.raw, labels.raw, labels.raw],
  }),
  "no contents": scores(undefined, { rawInputContents: [] }),
  "typed contents instead of raw ones": scores(undefined, {
    inputs: [{ ...image.tensor, contents: { bytesContents: [JPEG] } }],
    rawInputContents: [],
  }),
  "typed contents of another type": scores(undefined, {
    inputs: [{ ...image.tensor, contents: { intContents: [1] } }],
    rawInputContents: [],
  }),
  "typed and raw contents": scores(undefined, {
    inputs: [{ ...image.tensor, contents: { bytesContents: [JPEG] } }],
    rawInputContents: [image.raw],
  }),
  "an unknown output": scores(undefined, { outputs: [{ name: "mood" }] }),
  "an output twice": scores(undefined, { outputs: [{ name: "unknown" }, { name: "unknown" }] }),
  "an unknown parameter": scores(undefined, parameter("mood", { case: "stringParam", value: "merry" })),
  "an unknown parameter of Triton's own kind": scores(
    undefined,
    parameter("triton_mood", { case: "stringParam", value: "merry" }),
  ),
  "a parameter that is a double": scores(undefined, parameter("mood", { case: "doubleParam", value: 0.5 })),
  "a parameter that is unsigned": scores(undefined, parameter("mood", { case: "uint64Param", value: 1n })),
  "a parameter without a value": scores(undefined, { parameters: { mood: {} } }),
  "a priority that is a text": scores(
    undefined,
    parameter("priority", { case: "stringParam", value: "high" }),
  ),
  "a priority": scores(undefined, parameter("priority", { case: "int64Param", value: 3n })),
  "a timeout that is a text": scores(undefined, parameter("timeout", { case: "stringParam", value: "1s" })),
  "a sequence for a model without any": scores(
    undefined,
    parameter("sequence_id", { case: "int64Param", value: 3n }),
  ),
  "a sequence that starts with a number": scores(
    undefined,
    parameter("sequence_start", { case: "int64Param", value: 1n }),
  ),
  "a parameter called headers": scores(undefined, parameter("headers", { case: "stringParam", value: "x" })),
  "an empty final response by text": scores(
    undefined,
    parameter("triton_enable_empty_final_response", { case: "stringParam", value: "true" }),
  ),
  "binary_data_output as HTTP has it": scores(
    undefined,
    parameter("binary_data_output", { case: "boolParam", value: true }),
  ),
  "vllm: as it should be": vllm(),
  "vllm: without the text": vllm([sampling({})]),
  "vllm: no input": vllm([]),
  "vllm: an unknown input": vllm([text, bytes("picture", "x")]),
  "vllm: a batch dimension": vllm([reshaped(text, 1n, 1n)]),
  "vllm: a flag of another type": vllm([text, retyped(bool("stream", 1), "UINT8")]),
  "vllm: a flag of two bytes": vllm([text, reraw(bool("stream", 1), Uint8Array.of(1, 1))]),
  "vllm: a flag of no bytes": vllm([text, reraw(bool("stream", 1), new Uint8Array())]),
  "vllm: a flag in typed contents": vllm([text], {
    inputs: [
      { ...text.tensor, contents: { bytesContents: [Buffer.from("Who?")] } },
      { ...bool("exclude_input_in_output", 1).tensor, contents: { boolContents: [true] } },
    ],
    rawInputContents: [],
  }),
  "vllm: everything returned": vllm([
    text,
    bool("return_finish_reason", 1),
    bool("return_cumulative_logprob", 1),
    bool("return_logprobs", 1),
    bool("return_num_input_tokens", 1),
    bool("return_num_output_tokens", 1),
  ]),
  "vllm: an unknown output": vllm(undefined, { outputs: [{ name: "mood" }] }),
  "vllm: JSON that is none": vllm([text, sampling("{")]),
  "vllm: base64 with wrong padding": vllm([text, bytes("image", "abc")]),
  "vllm: the prompt excluded": vllm([text, bool("exclude_input_in_output", 1)]),
  "vllm: streaming with the prompt": vllm([text, bool("stream", 1), bool("exclude_input_in_output", 0)]),
  "vllm: streaming": vllm([text, bool("stream", 1), sampling({ max_tokens: 2 })]),
  "vllm: a sampling key that does not exist": vllm([text, sampling({ choices: ["a"] })]),
  "vllm: no token": vllm([text, sampling({ max_tokens: 0 })]),
  "vllm: constraints as an object": vllm([text, sampling({ structured_outputs: { choice: ["a"] } })]),
  "vllm: two constraints": vllm([
    text,
    sampling({ structured_outputs: JSON.stringify({ choice: ["a"], regex: "a" }) }),
  ]),
  "vllm: an adapter that it lacks": vllm([text, sampling({ lora_name: "nobody" })]),
  "vllm: more log probabilities than allowed": vllm([text, sampling({ logprobs: 21 })]),
};

/** Questions besides inference. */
export const ODD_CONTROLS = {
  "ready: unknown model": [rpc.modelReady, { name: "nobody" }],
  "ready: no name": [rpc.modelReady, { name: "" }],
  "ready: unknown version": [rpc.modelReady, { name: SCORES_MODEL, version: "7" }],
  "ready: version that is no number": [rpc.modelReady, { name: SCORES_MODEL, version: "latest" }],
  "metadata: unknown model": [rpc.modelMetadata, { name: "nobody" }],
  "metadata: no name": [rpc.modelMetadata, { name: "" }],
  "metadata: unknown version": [rpc.modelMetadata, { name: SCORES_MODEL, version: "7" }],
  "config: unknown model": [rpc.modelConfig, { name: "nobody" }],
  "config: unknown version": [rpc.modelConfig, { name: SCORES_MODEL, version: "7" }],
  "statistics: unknown model": [rpc.modelStatistics, { name: "nobody" }],
  "statistics: unknown version": [rpc.modelStatistics, { name: SCORES_MODEL, version: "7" }],
  "load: unknown model": [rpc.repositoryModelLoad, { modelName: "nobody" }],
  "load: no name": [rpc.repositoryModelLoad, { modelName: "" }],
  "load: another repository": [
    rpc.repositoryModelLoad,
    { modelName: SCORES_MODEL, repositoryName: "elsewhere" },
  ],
  "unload: unknown model": [rpc.repositoryModelUnload, { modelName: "nobody" }],
  "unload: another repository": [
    rpc.repositoryModelUnload,
    { modelName: SCORES_MODEL, repositoryName: "elsewhere" },
  ],
  "index: another repository": [rpc.repositoryIndex, { repositoryName: "elsewhere" }],
} as const;

/** Asks raw questions, as no client of ours would. */
export class OddClient {
  readonly #grpc: Client;

  constructor(address: string) {
    this.#grpc = new Client(parseServerAddress(address).target, credentials.createInsecure());
  }

  /** What ModelInfer says: "OK" with what came, or the status with the server's words. */
  infer(message: Message): Promise<string> {
    const request = create(ModelInferRequestSchema, message);
    return this.#unary(toGrpcMethod(rpc.modelInfer), request, describeResponse);
  }

  /** What ModelStreamInfer says: each response, then the status of the stream. */
  stream(message: Message): Promise<string> {
    const method = toGrpcMethod(rpc.modelStreamInfer);
    return new Promise((resolve) => {
      const call = this.#grpc.makeBidiStreamRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        { deadline: Date.now() + DEADLINE_MS },
      );
      const said: string[] = [];
      call.on("data", ({ errorMessage, inferResponse }) => {
        const answer = inferResponse ? describeResponse(inferResponse) : "nothing";
        said.push(errorMessage ? `error "${errorMessage}" with ${answer}` : answer);
      });
      call.on("error", () => {});
      call.on("status", ({ code, details }) => {
        resolve([...said, describeStatus(code, details)].join("; "));
      });
      call.write(create(ModelInferRequestSchema, message));
      call.end();
    });
  }

  control(name: keyof typeof ODD_CONTROLS): Promise<string> {
    const [method, message] = ODD_CONTROLS[name];
    // Each pair belongs together; their union does not know.
    const definition = toGrpcMethod(method as typeof rpc.modelReady);
    const request = create(method.input as typeof rpc.modelReady.input, message as { name: string });
    return this.#unary(definition, request, (response) =>
      "ready" in response ? String(response.ready) : "",
    );
  }

  close(): void {
    this.#grpc.close();
  }

  #unary<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    describe: (response: Response) => string,
  ): Promise<string> {
    return new Promise((resolve) => {
      this.#grpc.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline: Date.now() + DEADLINE_MS },
        (error, response) =>
          resolve(
            error
              ? describeStatus(error.code, error.details)
              : `OK ${response ? describe(response) : ""}`.trim(),
          ),
      );
    });
  }
}

function describeResponse({ id, modelName, modelVersion, outputs, parameters }: ModelInferResponse): string {
  const names = outputs
    .map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join()}]`)
    .join(", ");
  const flag = parameters.triton_final_response?.parameterChoice.value;
  return `{${modelName}/${modelVersion} id "${id}" ${names || "no output"}${flag === undefined ? "" : `, final ${flag}`}}`;
}

/** Leaves out what no other server can say alike: the order of a hash map, and places in files. */
export function comparable(said: string): string {
  return said
    .replace(
      /Got input\(s\) \[([^\]]*)\]/,
      (_whole, names: string) => `Got input(s) [${names.split(",").sort().join()}]`,
    )
    .replace(/(JSONDecodeError): [^"]*/, "$1");
}

function describeStatus(code: status, details: string): string {
  return code === status.OK ? "OK" : `${status[code]} "${details}"`;
}
