import { freePort } from "@followspot/redis-server";
import {
  GRPCInferenceService,
  type ModelInferRequest,
  type ModelInferResponse,
} from "@followspot/schema/inference/grpc_service";
import type { Closable } from "@followspot/runtime";
import { toGrpcService } from "@followspot/triton";
import {
  type sendUnaryData,
  Server,
  type ServerUnaryCall,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Connections } from "./connections.ts";
import { controlPlane, findModel } from "./control-plane.ts";
import { GrpcFailure, refusedByModel } from "./grpc-failure.ts";
import { serveStream } from "./infer-stream.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { idOf, type ReceivedRequest, receive } from "./received-request.ts";
import { inferResponse, scoresOutputs } from "./responses.ts";
import { ScriptedModel, type ScriptedModelOptions, type Served } from "./scripted-model.ts";

const INT32_MAX = 2 ** 31 - 1;

export interface ScriptedTritonOptions {
  /** One `scores` model "understudy" where left out. */
  readonly models?: readonly ScriptedModelOptions[];
  /** Any free one where left out. */
  readonly port?: number;
  /** Refuses calls without header `triton-grpc-protocol-<key>: <value>`. */
  readonly restrictedProtocol?: { readonly key: string; readonly value: string };
}

/**
 * A KServe v2 server whose every answer, delay and fault a test decides. Real: gRPC over real sockets, the schema,
 * the statuses and words of Triton's refusals, the rules of streams, capacity as parallel slots with a FIFO line.
 * A test holds its words against a real tritonserver's. The stand-in ends there: no model runs, a picture is never
 * decoded, `sampling_parameters` are checked and otherwise left to the script, a batch holds one request, priorities,
 * queue policies, sequences, shared memory and model files do not exist, and HTTP/2 flow control is that of grpc-js
 * (64 KB windows for what it receives).
 */
export class ScriptedTriton implements Closable {
  readonly #models: Map<string, ScriptedModel>;
  readonly #connections: Connections;
  readonly #grpc: Server;
  readonly #restricted: ScriptedTritonOptions["restrictedProtocol"];
  readonly #misbehaviours: Misbehaviour[] = [];
  #held: (() => void) | undefined;
  #port: number;

  /** Listens on 127.0.0.1. */
  static async start(options: ScriptedTritonOptions = {}): Promise<ScriptedTriton> {
    const triton = new ScriptedTriton(options);
    await triton.start();
    return triton;
  }

  private constructor({ models = [{}], port = 0, restrictedProtocol }: ScriptedTritonOptions) {
    this.#models = new Map(
      models.map((options) => new ScriptedModel(options)).map((model) => [model.name, model]),
    );
    this.#port = port;
    this.#restricted = restrictedProtocol;
    this.#grpc = new Server({ "grpc.max_receive_message_length": INT32_MAX, "grpc.enable_channelz": 0 });
    this.#grpc.addService(toGrpcService(GRPCInferenceService), this.#implementation());
    this.#connections = new Connections(this.#grpc);
  }

  /** `grpc://127.0.0.1:port`; the same after stop() and start(). */
  get address(): string {
    return `grpc://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Open connections. */
  get connections(): number {
    return this.#connections.count;
  }

  get models(): ReadonlyMap<string, ScriptedModel> {
    return this.#models;
  }

  /** Puts a model in the repository, in the place of one that has its name. */
  install(options: ScriptedModelOptions): ScriptedModel {
    const model = new ScriptedModel(options);
    this.#models.set(model.name, model);
    return model;
  }

  /** The first model. */
  get model(): ScriptedModel {
    const [model] = this.#models.values();
    if (!model) throw new Error("this scripted Triton has no model");
    return model;
  }

  /** Does this wrong with the next inference request, or with the next `times`; after what was asked for before. */
  misbehave(misbehaviour: Misbehaviour, times = 1): void {
    for (let n = 0; n < times; n++) this.#misbehaviours.push(misbehaviour);
  }

  /** Forgets what wrongs are still to be done. */
  behave(): void {
    this.#misbehaviours.length = 0;
  }

  /** Sends GOAWAY on every connection now. */
  goAway(): void {
    this.#connections.goAway();
  }

  /** An outage: every connection is cut, new ones are refused. The models keep what they were told. */
  async stop(): Promise<void> {
    await this.#connections.close();
  }

  /** Ends an outage, on the same port. */
  async start(): Promise<void> {
    if (this.#connections.listening) return;
    // Not one of the system's, which somebody else may be given during an outage.
    this.#port ||= await freePort();
    await this.#connections.listen(this.#port);
  }

  async close(): Promise<void> {
    await this.#connections.close();
    this.#grpc.forceShutdown();
  }

  /** What to do wrong with the request that has just come. */
  nextMisbehaviour(): Misbehaviour | undefined {
    return this.#misbehaviours.shift();
  }

  /** Serves a request of either kind of call up to the point where the answer is sent. */
  async serve(
    request: ModelInferRequest,
    { signal, wrong, peer }: { signal: AbortSignal; wrong: Misbehaviour | undefined; peer: string },
  ): Promise<{ model: ScriptedModel; received: ReceivedRequest; served: Served }> {
    const refusal = wrong && REFUSALS[wrong]?.(request);
    if (refusal) throw refusal;
    if (wrong === "goaway") this.goAway();
    const model = this.#find(request);
    const received = receive(request);
    const served = await model.serve(received, { signal, wrong });
    if (wrong === "disconnect") this.#connections.reset(peer);
    // The one that was overtaken may be sent once this answer is on its way.
    if (this.#held) setImmediate(this.#held);
    this.#held = undefined;
    if (wrong === "out-of-order") await new Promise<void>((resolve) => (this.#held = resolve));
    return { model, received, served };
  }

  #find({ modelName: name, modelVersion: version }: ModelInferRequest): ScriptedModel {
    return findModel(this.#models, { name, version });
  }

  async #infer(request: ModelInferRequest, signal: AbortSignal, peer: string): Promise<ModelInferResponse> {
    if (this.#find(request).contract === "vllm") {
      throw new GrpcFailure(
        status.UNIMPLEMENTED,
        "ModelInfer RPC doesn't support models with decoupled transaction policy",
      );
    }
    const wrong = this.nextMisbehaviour();
    const { model, received, served } = await this.serve(request, { signal, wrong, peer });
    const batched = model.maxBatchSize > 0;
    const outputs = scoresOutputs(model.answer(served.request), { wrong, batched });
    return inferResponse(received, { outputs, parameters: model.parametersOf(served), wrong });
  }

  #implementation(): UntypedServiceImplementation {
    const control = Object.entries(controlPlane(this.#models)).map(([name, answer]) => [
      name,
      // Each takes the request type of the method it is named after.
      this.#unary(answer as (request: unknown) => unknown),
    ]);
    return {
      ...Object.fromEntries(control),
      modelInfer: this.#unary((request: ModelInferRequest, signal: AbortSignal, peer: string) =>
        this.#infer(request, signal, peer),
      ),
      modelStreamInfer: (call: Parameters<typeof serveStream>[1]) => {
        const refusal = this.#restriction(call.metadata);
        if (refusal) call.emit("error", refusal);
        else serveStream(this, call);
      },
    };
  }

  #unary<Request, Response>(
    answer: (request: Request, signal: AbortSignal, peer: string) => Response | Promise<Response>,
  ) {
    return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
      const gone = new AbortController();
      call.on("cancelled", () => gone.abort(new Error("cancelled")));
      const work = async () => {
        const refusal = this.#restriction(call.metadata);
        if (refusal) throw refusal;
        return answer(call.request, gone.signal, call.getPeer());
      };
      work().then(
        (response) => reply(null, response),
        (error: unknown) => {
          const failure =
            error instanceof GrpcFailure ? error : refusedByModel(String(error), status.INTERNAL);
          reply(failure.unary);
        },
      );
    };
  }

  #restriction(metadata: ServerUnaryCall<unknown, unknown>["metadata"]): GrpcFailure | undefined {
    if (!this.#restricted) return undefined;
    const header = `triton-grpc-protocol-${this.#restricted.key}`;
    if (metadata.get(header).includes(this.#restricted.value)) return undefined;
    const details = `This protocol is restricted, expecting header '${header}'`;
    return new GrpcFailure(status.UNAVAILABLE, details, "call");
  }
}

const REFUSALS: Partial<Record<Misbehaviour, (request: ModelInferRequest) => GrpcFailure>> = {
  unavailable: () =>
    new GrpcFailure(
      status.UNAVAILABLE,
      "GRPC server is shutting down and has stopped accepting new requests",
      "call",
    ),
  overloaded: ({ id }) =>
    new GrpcFailure(status.UNAVAILABLE, `[request id: ${idOf(id)}] Exceeds maximum queue size`),
  internal: ({ modelName }) =>
    refusedByModel(
      `Failed to process the request(s) for model '${modelName}_0_0', message: RuntimeError: the model raised`,
      status.INTERNAL,
    ),
};
