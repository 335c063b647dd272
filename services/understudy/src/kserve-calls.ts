import { create } from "@bufbuild/protobuf";
import type { Metrics } from "@followspot/runtime";
import {
  ModelConfigResponseSchema,
  type ModelInferRequest,
  type ModelInferResponse,
  ModelReadyResponseSchema,
  RepositoryIndexResponseSchema,
  RepositoryModelLoadResponseSchema,
  RepositoryModelUnloadResponseSchema,
  ServerLiveResponseSchema,
  ServerMetadataResponseSchema,
  ServerReadyResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import {
  type sendUnaryData,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";
import { InferenceStatistics } from "./inference-statistics.ts";
import { type ModelRepository, MODEL_NAME } from "./model-repository.ts";
import { configuration, metadata } from "./model-signature.ts";
import type { RecognizerPool } from "./recognizer-pool.ts";
import { readScoresRequest } from "./scores-request.ts";
import { scoresResponse } from "./scores-response.ts";
import { serveStream } from "./serve-stream.ts";

export interface KserveDeps {
  readonly repository: ModelRepository;
  readonly pool: RecognizerPool;
  readonly metrics: Metrics;
}

type Named = { readonly name: string };
type ModelNamed = { readonly modelName: string };

/** Every call of the service that a recognizer can answer. The others say that they are not implemented. */
export function kserveCalls({ repository, pool, metrics }: KserveDeps): UntypedServiceImplementation {
  const statistics = new InferenceStatistics();
  const answered = metrics.counter("answers_total", "answered inference requests, by gRPC status", [
    "status",
  ]);
  const seconds = metrics.latency("answer_seconds", "from the request's arrival to the answer");

  const infer = async (request: ModelInferRequest, signal: AbortSignal): Promise<ModelInferResponse> => {
    const startedAtMs = performance.now();
    const stop = seconds.startTimer();
    try {
      requireKnown(request.modelName);
      repository.require();
      const { picture, labels, outputs } = readScoresRequest(request);
      const { result, version, waitedMs, workedMs } = await pool.look({ picture, labels, signal });
      statistics.succeeded({ waitedMs, workedMs });
      answered.inc({ status: "OK" });
      return scoresResponse(request, { result, outputs, version, modelMs: workedMs });
    } catch (error) {
      const failure = GrpcFailure.from(error);
      statistics.failed(performance.now() - startedAtMs);
      answered.inc({ status: status[failure.code] });
      throw failure;
    } finally {
      stop();
    }
  };

  return {
    serverLive: unary(() => create(ServerLiveResponseSchema, { live: true })),
    serverReady: unary(() => create(ServerReadyResponseSchema, { ready: repository.inOrder })),
    modelReady: unary(({ name }: Named) =>
      create(ModelReadyResponseSchema, { ready: name === MODEL_NAME && repository.state.state === "READY" }),
    ),
    serverMetadata: unary(() =>
      create(ServerMetadataResponseSchema, {
        name: "followspot-understudy",
        version: "0.1.0",
        extensions: ["model_repository", "statistics", "model_configuration", "binary_tensor_data"],
      }),
    ),
    modelMetadata: unary(({ name }: Named) => {
      requireKnown(name);
      repository.require();
      return metadata();
    }),
    modelConfig: unary(({ name }: Named) => {
      requireKnown(name);
      const config = configuration(repository.require(), pool.threads);
      return create(ModelConfigResponseSchema, { config });
    }),
    modelStatistics: unary(({ name }: Named) => {
      if (name) requireKnown(name);
      return statistics.report();
    }),
    modelInfer: unary(infer),
    modelStreamInfer: serveStream(infer),
    repositoryIndex: unary(({ ready }: { readonly ready: boolean }) => {
      const { state, reason } = repository.state;
      const models = [{ name: MODEL_NAME, version: "1", state, reason }];
      return create(RepositoryIndexResponseSchema, {
        models: ready && state !== "READY" ? [] : models,
      });
    }),
    repositoryModelLoad: unary(async ({ modelName }: ModelNamed) => {
      if (modelName !== MODEL_NAME) {
        throw new GrpcFailure(
          status.INTERNAL,
          `failed to load '${modelName}', failed to poll from model repository`,
        );
      }
      try {
        await repository.load();
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        throw new GrpcFailure(status.INTERNAL, `failed to load '${modelName}', ${problem}`, { cause: error });
      }
      return create(RepositoryModelLoadResponseSchema);
    }),
    repositoryModelUnload: unary(({ modelName }: ModelNamed) => {
      if (modelName === MODEL_NAME) repository.unload();
      return create(RepositoryModelUnloadResponseSchema);
    }),
  };
}

function requireKnown(name: string): void {
  if (name === MODEL_NAME) return;
  throw new GrpcFailure(status.NOT_FOUND, `Request for unknown model: '${name}' is not found`);
}

function unary<Request, Response>(
  answer: (request: Request, signal: AbortSignal) => Response | Promise<Response>,
): (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => void {
  return (call, reply) => {
    // grpc-js cancels a call whose deadline has passed: one signal for both.
    const gone = new AbortController();
    call.on("cancelled", () => gone.abort());
    const work = async () => answer(call.request, gone.signal);
    work().then(
      (response) => reply(null, response),
      (error: unknown) => reply(GrpcFailure.from(error)),
    );
  };
}
