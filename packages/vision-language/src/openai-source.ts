import { create } from "@bufbuild/protobuf";
import type { OpenAiServer } from "@followspot/openai-server";
import { ModelMetadataResponseSchema } from "@followspot/schema/inference/grpc_service";
import { ModelConfigSchema } from "@followspot/schema/inference/model_config";
import type { ModelSource } from "@followspot/triton";

const INPUTS = ["text_input", "image", "sampling_parameters"];
const OUTPUTS = ["text_output"];

/** Shows a server with OpenAI's API to who watches models as if its model were one of the `vllm` contract. */
export function openAiSource(server: OpenAiServer): ModelSource {
  return {
    address: server.address,
    modelReady: async (_model, call) => {
      await server.probe(call);
      return true;
    },
    modelMetadata: async (_model, call) => {
      const { name, version } = await server.probe(call);
      const tensor = (tensorName: string) => ({ name: tensorName, datatype: "BYTES", shape: [1n] });
      return create(ModelMetadataResponseSchema, {
        name,
        versions: [version],
        platform: "openai",
        inputs: INPUTS.map(tensor),
        outputs: OUTPUTS.map(tensor),
      });
    },
    modelConfig: async (_model, call) => {
      const { name, version } = await server.probe(call);
      return create(ModelConfigSchema, {
        name,
        modelTransactionPolicy: { decoupled: true },
        parameters: { version: { stringValue: `${name}.${version}` } },
      });
    },
  };
}
