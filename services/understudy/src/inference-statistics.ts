import { create } from "@bufbuild/protobuf";
import {
  type ModelStatisticsResponse,
  ModelStatisticsResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { MODEL_NAME } from "./model-repository.ts";

/** What ModelStatistics tells, counted since the start. */
export class InferenceStatistics {
  #succeeded = 0;
  #failed = 0;
  #waitedMs = 0;
  #workedMs = 0;
  #failedMs = 0;
  #lastAtMs = 0;

  succeeded({ waitedMs, workedMs }: { readonly waitedMs: number; readonly workedMs: number }): void {
    this.#succeeded++;
    this.#waitedMs += waitedMs;
    this.#workedMs += workedMs;
    this.#lastAtMs = Date.now();
  }

  failed(tookMs: number): void {
    this.#failed++;
    this.#failedMs += tookMs;
  }

  report(): ModelStatisticsResponse {
    const ns = (ms: number) => BigInt(Math.round(ms * 1e6));
    const count = BigInt(this.#succeeded);
    return create(ModelStatisticsResponseSchema, {
      modelStats: [
        {
          name: MODEL_NAME,
          version: "1",
          lastInference: BigInt(this.#lastAtMs),
          inferenceCount: count,
          executionCount: count,
          inferenceStats: {
            success: { count, ns: ns(this.#waitedMs + this.#workedMs) },
            fail: { count: BigInt(this.#failed), ns: ns(this.#failedMs) },
            queue: { count, ns: ns(this.#waitedMs) },
            computeInfer: { count, ns: ns(this.#workedMs) },
          },
        },
      ],
    });
  }
}
