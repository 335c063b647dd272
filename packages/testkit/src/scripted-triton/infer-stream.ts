import { create } from "@bufbuild/protobuf";
import {
  type ModelInferRequest,
  type ModelInferResponse,
  ModelInferResponseSchema,
  type ModelStreamInferResponse,
  ModelStreamInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { GrpcFailure, invalid, refusedByModel } from "./grpc-failure.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { inferResponse, scoresOutputs } from "./responses.ts";
import type { ScriptedTriton } from "./scripted-triton.ts";
import { textOutputs } from "./text-outputs.ts";

/** After these the last part is not flagged as the last response. */
const WITHOUT_FINAL_PART = new Set<Misbehaviour>(["no-final-flag", "empty-final", "late-error"]);

type Call = ServerDuplexStream<ModelInferRequest, ModelStreamInferResponse>;

/** ModelStreamInfer: every request on the stream is served on its own, and answers come when they come. */
export function serveStream(triton: ScriptedTriton, call: Call): void {
  const gone = new AbortController();
  let running = 0;
  let halfClosed = false;
  const endIfDone = () => {
    if (halfClosed && running === 0) call.end();
  };
  call.on("cancelled", () => gone.abort(new Error("cancelled")));
  call.on("end", () => {
    halfClosed = true;
    endIfDone();
  });
  call.on("data", (request: ModelInferRequest) => {
    running++;
    serveOne(triton, call, { request, signal: gone.signal })
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        const failure = error instanceof GrpcFailure ? error : refusedByModel(String(error), status.INTERNAL);
        // grpc-js makes the emitted error the status; a destroyed stream would never send one.
        if (failure.stage === "call") call.emit("error", failure);
        else call.write(errorResponse(failure, request));
      })
      .finally(() => {
        running--;
        endIfDone();
      });
  });
}

interface Work {
  readonly request: ModelInferRequest;
  readonly signal: AbortSignal;
}

async function serveOne(triton: ScriptedTriton, call: Call, { request, signal }: Work): Promise<void> {
  const wrong = triton.nextMisbehaviour();
  if (wrong === "early-error") {
    call.write(errorResponse(invalid("the input cannot be read"), request));
    // Only the client ends this stream.
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    return;
  }
  const { model, received, served } = await triton.serve(request, { signal, wrong, peer: call.getPeer() });
  const parameters = model.parametersOf(served);
  const parts =
    model.contract === "scores"
      ? [scoresOutputs(model.answer(served.request), { wrong, batched: model.maxBatchSize > 0 })]
      : textOutputs(model.texts(served.request), served.request);
  for (const [index, outputs] of parts.entries()) {
    const last = index === parts.length - 1 && !(wrong && WITHOUT_FINAL_PART.has(wrong));
    const flagged = { ...parameters, triton_final_response: last };
    call.write(answerResponse(inferResponse(received, { outputs, parameters: flagged, wrong })));
    if (wrong === "late-error") throw refusedByModel("the model failed", status.INTERNAL);
  }
  if (wrong === "empty-final" && wantsEmptyFinal(request)) {
    const flags = { ...parameters, triton_final_response: true };
    call.write(answerResponse(inferResponse(received, { outputs: [], parameters: flags })));
  }
}

function answerResponse(inferResponse: ModelInferResponse): ModelStreamInferResponse {
  return create(ModelStreamInferResponseSchema, { inferResponse });
}

function errorResponse(
  { details, stage }: GrpcFailure,
  { id, modelName }: ModelInferRequest,
): ModelStreamInferResponse {
  const final = { triton_final_response: { parameterChoice: { case: "boolParam", value: true } as const } };
  return create(ModelStreamInferResponseSchema, {
    errorMessage: details,
    inferResponse: create(
      ModelInferResponseSchema,
      stage === "model" ? { id, modelName, parameters: final } : { id },
    ),
  });
}

function wantsEmptyFinal(request: ModelInferRequest): boolean {
  return request.parameters.triton_enable_empty_final_response?.parameterChoice.value === true;
}
