import { create } from "@bufbuild/protobuf";
import {
  InferParameterSchema,
  type ModelInferRequest,
  type ModelInferResponse,
  type ModelStreamInferResponse,
  ModelStreamInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";

type Call = ServerDuplexStream<ModelInferRequest, ModelStreamInferResponse>;
type Infer = (request: ModelInferRequest, signal: AbortSignal) => Promise<ModelInferResponse>;

/** One stream may ask for much at once; what it asks beyond this waits on the wire. */
const MAX_RUNNING = 64;

/**
 * ModelStreamInfer for a model that is not decoupled: one answer a request, in the order in which they are ready.
 * A refusal is an answer with an error message; the stream goes on, as Triton's does.
 */
export function serveStream(infer: Infer): (call: Call) => void {
  return (call) => {
    const gone = new AbortController();
    const errorsAsStatus = call.metadata.get("triton_grpc_error").includes("true");
    let running = 0;
    let halfClosed = false;
    const endIfDone = () => {
      if (halfClosed && running === 0) call.end();
    };
    call.on("cancelled", () => gone.abort());
    call.on("error", () => gone.abort());
    call.on("end", () => {
      halfClosed = true;
      endIfDone();
    });
    call.on("data", (request: ModelInferRequest) => {
      running++;
      if (running >= MAX_RUNNING) call.pause();
      infer(request, gone.signal)
        .then(
          (inferResponse) => {
            inferResponse.parameters.triton_final_response = create(InferParameterSchema, {
              parameterChoice: { case: "boolParam", value: true },
            });
            call.write(create(ModelStreamInferResponseSchema, { inferResponse }));
          },
          (error: unknown) => {
            if (gone.signal.aborted) return;
            const failure = GrpcFailure.from(error);
            if (errorsAsStatus) call.emit("error", failure);
            else {
              call.write(
                create(ModelStreamInferResponseSchema, {
                  errorMessage: failure.details,
                  inferResponse: { id: request.id, modelName: request.modelName },
                }),
              );
            }
          },
        )
        .finally(() => {
          running--;
          if (running < MAX_RUNNING) call.resume();
          endIfDone();
        })
        .catch(() => gone.abort());
    });
  };
}
