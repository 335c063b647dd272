import { create } from "@bufbuild/protobuf";
import {
  type ModelInferRequest,
  type ModelInferResponse,
  ModelInferResponseSchema,
  type ModelStreamInferResponse,
  ModelStreamInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";
import { inferResponse, scoresOutputs, textOutputs } from "./responses.ts";
import type { ScriptedTriton } from "./scripted-triton.ts";

type Call = ServerDuplexStream<ModelInferRequest, ModelStreamInferResponse>;

/** ModelStreamInfer: every request on the stream is served on its own, and answers come when they come. */
export function serveStream(triton: ScriptedTriton, call: Call): void {
  const gone = new AbortController();
  // Since 24.08 a client may ask that an error becomes the status of the whole stream. What is refused before it
  // reaches the model does not (24.10).
  const errorsAsStatus = call.metadata.get("triton_grpc_error").includes("true");
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
    serveOne(triton, call, { request, signal: gone.signal, errorsAsStatus })
      .catch((error: unknown) => {
        if (gone.signal.aborted) return;
        const failure = error instanceof GrpcFailure ? error : new GrpcFailure(status.UNKNOWN, String(error));
        const early = failure.code === status.NOT_FOUND || failure.code === status.INVALID_ARGUMENT;
        // grpc-js makes the emitted error the status; a destroyed stream would never send one.
        if (errorsAsStatus && !early) call.emit("error", failure);
        else call.write(errorResponse(failure.details, { id: request.id }));
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
  readonly errorsAsStatus: boolean;
}

async function serveOne(
  triton: ScriptedTriton,
  call: Call,
  { request, signal, errorsAsStatus }: Work,
): Promise<void> {
  const wrong = triton.nextMisbehaviour();
  if (wrong === "early-error") {
    call.write(errorResponse("the input cannot be read", { id: request.id }));
    // Only the client ends this stream.
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    return;
  }
  const { model, served } = await triton.serve(request, { signal, wrong, peer: call.getPeer() });
  const parameters = model.parametersOf(served);
  // The vLLM backend puts the prompt in front of the answer unless it is told not to.
  const echo = model.contract === "vllm" && !excludesInput(request) ? served.request.prompt : "";
  const parts =
    model.contract === "scores"
      ? [scoresOutputs(model.answer(served.request), wrong)]
      : model.texts(served.request).map((text, index) => textOutputs(text, index === 0 ? echo : ""));
  for (const [index, outputs] of parts.entries()) {
    const last = index === parts.length - 1 && wrong !== "no-final-flag" && wrong !== "empty-final";
    const flagged = { ...parameters, triton_final_response: last };
    call.write(answerResponse(inferResponse(request, { outputs, parameters: flagged, wrong })));
    if (wrong === "late-error") {
      if (errorsAsStatus) throw new GrpcFailure(status.INTERNAL, "the model failed");
      call.write(
        errorResponse("the model failed", { id: request.id, modelName: request.modelName, final: true }),
      );
      return;
    }
  }
  if (wrong === "empty-final" && wantsEmptyFinal(request)) {
    const flags = { ...parameters, triton_final_response: true };
    call.write(answerResponse(inferResponse(request, { outputs: [], parameters: flags })));
  }
}

function answerResponse(inferResponse: ModelInferResponse): ModelStreamInferResponse {
  return create(ModelStreamInferResponseSchema, { inferResponse });
}

function errorResponse(
  errorMessage: string,
  { final, ...infer }: { id: string; modelName?: string; final?: true },
): ModelStreamInferResponse {
  const parameters = final && {
    triton_final_response: { parameterChoice: { case: "boolParam", value: true } as const },
  };
  return create(ModelStreamInferResponseSchema, {
    errorMessage,
    inferResponse: create(ModelInferResponseSchema, { ...infer, ...(parameters && { parameters }) }),
  });
}

function wantsEmptyFinal(request: ModelInferRequest): boolean {
  return request.parameters.triton_enable_empty_final_response?.parameterChoice.value === true;
}

function excludesInput(request: ModelInferRequest): boolean {
  const index = request.inputs.findIndex(({ name }) => name === "exclude_input_in_output");
  return request.rawInputContents[index]?.[0] === 1;
}
