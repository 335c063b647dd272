import { create } from "@bufbuild/protobuf";
import {
  ModelConfigResponseSchema,
  ModelReadyResponseSchema,
  ModelStatisticsResponseSchema,
  RepositoryIndexResponseSchema,
  RepositoryModelLoadResponseSchema,
  RepositoryModelUnloadResponseSchema,
  ServerLiveResponseSchema,
  ServerMetadataResponseSchema,
  ServerReadyResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { status } from "@grpc/grpc-js";
import { GrpcFailure, invalid, unknownModel } from "./grpc-failure.ts";
import { configOf, metadataOf } from "./model-signature.ts";
import type { ScriptedModel } from "./scripted-model.ts";

interface Named {
  readonly name: string;
}
interface ModelNamed {
  readonly modelName: string;
}

/** @throws GrpcFailure NOT_FOUND, in Triton's words */
export function findModel(models: ReadonlyMap<string, ScriptedModel>, name: string): ScriptedModel {
  const model = models.get(name);
  if (!model) throw unknownModel(name, "is not found");
  return model;
}

/** What a server says about itself and its models, call by call. */
export function controlPlane(models: ReadonlyMap<string, ScriptedModel>) {
  const readyModel = (name: string) => {
    const model = findModel(models, name);
    model.requireReady();
    return model;
  };
  return {
    serverLive: () => create(ServerLiveResponseSchema, { live: true }),
    // A model that was unloaded on request is no reason not to be ready.
    serverReady: () =>
      create(ServerReadyResponseSchema, {
        ready: [...models.values()].every(({ state }) => state !== "LOADING"),
      }),
    modelReady: ({ name }: Named) =>
      create(ModelReadyResponseSchema, { ready: models.get(name)?.state === "READY" }),
    serverMetadata: () =>
      create(ServerMetadataResponseSchema, {
        name: "triton",
        version: "scripted",
        extensions: ["model_repository", "statistics", "binary_tensor_data"],
      }),
    modelMetadata: ({ name }: Named) => metadataOf(name, readyModel(name).contract),
    modelConfig: ({ name }: Named) => {
      const { contract, version, accuracy, rung, slots } = readyModel(name);
      const parameters = { version, accuracy: String(accuracy), rung };
      return create(ModelConfigResponseSchema, { config: configOf(name, contract, { slots, parameters }) });
    },
    modelStatistics: ({ name }: Named) => {
      const ready = [...models.values()].filter(({ state }) => state === "READY");
      const wanted = ready.filter((model) => !name || model.name === name);
      if (name && wanted.length === 0) throw invalid(`requested model '${name}' is not available`);
      return create(ModelStatisticsResponseSchema, { modelStats: wanted.map(statisticsOf) });
    },
    repositoryIndex: () =>
      create(RepositoryIndexResponseSchema, {
        models: [...models.values()].map(({ name, state }) => ({
          name,
          version: "1",
          state,
          reason: state === "UNAVAILABLE" ? "unloaded" : "",
        })),
      }),
    repositoryModelLoad: ({ modelName }: ModelNamed) => {
      const model = models.get(modelName);
      if (!model) {
        const details = `failed to load '${modelName}', failed to poll from model repository`;
        throw new GrpcFailure(status.INTERNAL, details);
      }
      model.state = "READY";
      return create(RepositoryModelLoadResponseSchema);
    },
    // Of an unknown model too, as Triton does.
    repositoryModelUnload: ({ modelName }: ModelNamed) => {
      const model = models.get(modelName);
      if (model) model.state = "UNAVAILABLE";
      return create(RepositoryModelUnloadResponseSchema);
    },
  };
}

function statisticsOf({ name, counts, times }: ScriptedModel) {
  const nanoseconds = (ms: number) => BigInt(Math.round(ms * 1e6));
  const done = BigInt(counts.answered);
  return {
    name,
    version: "1",
    inferenceCount: done,
    executionCount: done,
    inferenceStats: {
      success: { count: done, ns: nanoseconds(times.queue + times.service) },
      fail: { count: BigInt(counts.failed), ns: 0n },
      queue: { count: done, ns: nanoseconds(times.queue) },
      computeInfer: { count: done, ns: nanoseconds(times.service) },
    },
  };
}
