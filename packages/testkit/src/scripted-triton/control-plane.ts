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
  readonly version: string;
}
interface ModelNamed {
  readonly modelName: string;
  readonly repositoryName: string;
}

/** A model that can be asked. @throws GrpcFailure in Triton's words */
export function findModel(
  models: ReadonlyMap<string, ScriptedModel>,
  { name, version }: Named,
): ScriptedModel {
  const model = models.get(name);
  if (!model) throw unknownModel(name, "is not found");
  model.requireReady(version);
  return model;
}

function requireOnlyRepository({ repositoryName }: { readonly repositoryName: string }): void {
  if (repositoryName !== "") {
    throw new GrpcFailure(status.UNIMPLEMENTED, "'repository_name' specification is not supported");
  }
}

/** What a server says about itself and its models, call by call. */
export function controlPlane(models: ReadonlyMap<string, ScriptedModel>) {
  return {
    serverLive: () => create(ServerLiveResponseSchema, { live: true }),
    // A model that was unloaded on request is no reason not to be ready.
    serverReady: () =>
      create(ServerReadyResponseSchema, {
        ready: [...models.values()].every(({ state }) => state !== "LOADING"),
      }),
    modelReady: (asked: Named) => create(ModelReadyResponseSchema, { ready: isReady(models, asked) }),
    serverMetadata: () =>
      create(ServerMetadataResponseSchema, {
        name: "triton",
        version: "scripted",
        extensions: ["model_repository", "statistics", "binary_tensor_data"],
      }),
    modelMetadata: (asked: Named) => metadataOf(asked.name, findModel(models, asked).signature),
    modelConfig: (asked: Named) => {
      const { version, accuracy, rung, contract, maxBatchSize, slots } = findModel(models, asked);
      const parameters = { version, accuracy: String(accuracy), rung };
      const config = configOf(asked.name, { contract, maxBatchSize, slots, parameters });
      return create(ModelConfigResponseSchema, { config });
    },
    modelStatistics: ({ name, version }: Named) => {
      if (version !== "" && version !== "1" && models.has(name)) {
        throw invalid(`requested model version is not available for model '${name}'`);
      }
      const ready = [...models.values()].filter(({ state }) => state === "READY");
      const wanted = ready.filter((model) => !name || model.name === name);
      if (name && wanted.length === 0) throw invalid(`requested model '${name}' is not available`);
      return create(ModelStatisticsResponseSchema, { modelStats: wanted.map(statisticsOf) });
    },
    repositoryIndex: (asked: { readonly repositoryName: string }) => {
      requireOnlyRepository(asked);
      return create(RepositoryIndexResponseSchema, {
        models: [...models.values()].map(({ name, state }) => ({
          name,
          version: "1",
          state,
          reason: state === "UNAVAILABLE" ? "unloaded" : "",
        })),
      });
    },
    repositoryModelLoad: ({ modelName, ...asked }: ModelNamed) => {
      requireOnlyRepository(asked);
      const model = models.get(modelName);
      if (!model) {
        const details = `failed to load '${modelName}', failed to poll from model repository`;
        throw new GrpcFailure(status.INTERNAL, details);
      }
      model.state = "READY";
      return create(RepositoryModelLoadResponseSchema);
    },
    // Of an unknown model too, as Triton does.
    repositoryModelUnload: ({ modelName, ...asked }: ModelNamed) => {
      requireOnlyRepository(asked);
      const model = models.get(modelName);
      if (model) model.state = "UNAVAILABLE";
      return create(RepositoryModelUnloadResponseSchema);
    },
  };
}

/** False for what is not there; a version that is no number is refused all the same. */
function isReady(models: ReadonlyMap<string, ScriptedModel>, asked: Named): boolean {
  try {
    return findModel(models, asked).state === "READY";
  } catch (error) {
    if (error instanceof GrpcFailure && error.code === status.NOT_FOUND) return false;
    throw error;
  }
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
