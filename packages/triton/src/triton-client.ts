import { setMaxListeners } from "node:events";
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { type Closable, type Logger, redactUrls } from "@followspot/runtime";
import {
  GRPCInferenceService,
  type ModelInferRequest,
  type ModelInferResponse,
  type ModelMetadataResponse,
  type ModelStatisticsResponse,
  type RepositoryIndexResponse,
  type ServerMetadataResponse,
} from "@followspot/schema/inference/grpc_service";
import type { ModelConfig } from "@followspot/schema/inference/model_config";
import type { CallOptions, InnerCallOptions } from "./call.ts";
import { parseServerAddress, type TlsOptions } from "./channel.ts";
import { Connection } from "./grpc/connection.ts";
import { framed } from "./grpc/message-frame.ts";
import type { CallParts } from "./grpc/start-call.ts";
import { inferBody } from "./infer-body.ts";
import type { InferRequestParts } from "./infer-messages.ts";
import { InferenceError } from "./inference-error.ts";
import { requireSameId, streamAnswer } from "./stream-answer.ts";
import { callStream } from "./stream-call.ts";
import { callUnary } from "./unary-call.ts";

export interface TritonOptions {
  /** `grpc://host:port`, `grpcs://host:port` (TLS) or `host:port`. */
  readonly address: string;
  readonly log?: Logger | undefined;
  readonly tls?: TlsOptions | undefined;
  /** The credentials of `--grpc-restricted-protocol`: sent as header `triton-grpc-protocol-<key>`. */
  readonly restrictedProtocol?: { readonly key: string; readonly value: string } | undefined;
}

/** What the calls that are not inferences may leave out. */
export type ControlOptions = Partial<CallOptions>;

const CONTROL_DEADLINE_MS = 5_000;
/** A large model takes minutes to load. */
const REPOSITORY_DEADLINE_MS = 300_000;
/** How long a server may be silent about being alive before its connection is given up as dead. */
const SILENCE_DEADLINE_MS = 2_000;

const rpc = GRPCInferenceService.method;

/**
 * KServe v2 with Triton's extensions, over one shared connection. Every call has a deadline and throws InferenceError.
 * The server may be absent at first, go and come back: each call finds that out for itself.
 */
export class TritonClient implements Closable {
  readonly #options: TritonOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closing = new AbortController();
  readonly #connection: Connection;
  #check: Promise<void> | undefined;

  /** Opens no connection yet: the first call does. @throws UserError for a bad address */
  static async connect(options: TritonOptions): Promise<TritonClient> {
    return new TritonClient(options);
  }

  private constructor(options: TritonOptions) {
    this.#options = options;
    const { restrictedProtocol } = options;
    this.#headers = restrictedProtocol
      ? { [`triton-grpc-protocol-${restrictedProtocol.key}`.toLowerCase()]: restrictedProtocol.value }
      : {};
    setMaxListeners(0, this.#closing.signal); // one listener for each running call
    this.#connection = new Connection(parseServerAddress(options.address), options.tls);
  }

  /** For messages: without credentials. */
  get address(): string {
    return redactUrls(this.#options.address);
  }

  async live(options?: ControlOptions): Promise<boolean> {
    return (await this.#control(rpc.serverLive, {}, options)).live;
  }

  /** Whether all models of the server are ready. */
  async ready(options?: ControlOptions): Promise<boolean> {
    return (await this.#control(rpc.serverReady, {}, options)).ready;
  }

  async modelReady(model: string, options?: ControlOptions): Promise<boolean> {
    return (await this.#control(rpc.modelReady, { name: model }, options)).ready;
  }

  serverMetadata(options?: ControlOptions): Promise<ServerMetadataResponse> {
    return this.#control(rpc.serverMetadata, {}, options);
  }

  modelMetadata(model: string, options?: ControlOptions): Promise<ModelMetadataResponse> {
    return this.#control(rpc.modelMetadata, { name: model }, options);
  }

  async modelConfig(model: string, options?: ControlOptions): Promise<ModelConfig> {
    const { config } = await this.#control(rpc.modelConfig, { name: model }, options);
    if (!config) throw new InferenceError("malformed-answer", `no configuration came for model "${model}"`);
    return config;
  }

  /** Of all models, where none is named. Times are in nanoseconds. */
  statistics(model = "", options?: ControlOptions): Promise<ModelStatisticsResponse> {
    return this.#control(rpc.modelStatistics, { name: model }, options);
  }

  repositoryIndex(options?: ControlOptions): Promise<RepositoryIndexResponse> {
    return this.#control(rpc.repositoryIndex, {}, options);
  }

  /** Loads a model, or loads it again where its files have changed. Returns when it is ready. */
  async loadModel(model: string, options?: ControlOptions): Promise<void> {
    const patient = { deadlineMs: REPOSITORY_DEADLINE_MS, ...options };
    await this.#control(rpc.repositoryModelLoad, { modelName: model }, patient);
  }

  /** Returns at once: what runs is finished first, and the model is gone a little later. */
  async unloadModel(model: string, options?: ControlOptions): Promise<void> {
    const patient = { deadlineMs: REPOSITORY_DEADLINE_MS, ...options };
    await this.#control(rpc.repositoryModelUnload, { modelName: model }, patient);
  }

  /**
   * One answer to one request, from a model that is not decoupled. Contents are sent from where they lie: they must
   * not change until the call has ended.
   */
  async infer(
    request: ModelInferRequest | InferRequestParts,
    options: CallOptions,
  ): Promise<ModelInferResponse> {
    const response = await this.#unary(rpc.modelInfer, inferBody(request), options);
    requireSameId(request, response);
    return response;
  }

  /** Any number of answers to one request, each on its own as it comes: what a decoupled model gives. */
  async *streamInfer(
    request: ModelInferRequest | InferRequestParts,
    options: CallOptions,
  ): AsyncGenerator<ModelInferResponse, void, undefined> {
    // Without the header `triton_grpc_error`, which makes an error a real status: with it, a model that refuses a
    // request at once, as the vLLM backend does with an unknown adapter, crashes the whole server (seen in 24.10).
    const call = this.#parts(rpc.modelStreamInfer, inferBody(request));
    try {
      yield* streamAnswer(callStream(this.#connection, call, this.#inner(options)), request);
    } catch (error) {
      throw this.#noted(InferenceError.from(error));
    }
  }

  /** Ends the running calls with `canceled`, and the connection. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the client of the model server was closed"));
    await this.#check;
    this.#connection.close();
  }

  #control<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    { signal, deadlineMs = CONTROL_DEADLINE_MS }: ControlOptions = {},
  ): Promise<MessageShape<O>> {
    const body = framed(toBinary(method.input, create(method.input, request)));
    return this.#unary(method, body, { signal, deadlineMs });
  }

  async #unary<O extends DescMessage>(
    method: DescMethod & { readonly output: O },
    body: readonly Uint8Array[],
    options: CallOptions,
  ): Promise<MessageShape<O>> {
    try {
      return await callUnary(this.#connection, this.#parts(method, body), this.#inner(options));
    } catch (error) {
      throw this.#noted(InferenceError.from(error));
    }
  }

  #inner({ signal, deadlineMs }: CallOptions): InnerCallOptions {
    return { signal, deadlineMs, closing: this.#closing.signal };
  }

  #parts<O extends DescMessage>(
    { parent, name, output }: DescMethod & { readonly output: O },
    body: readonly Uint8Array[],
  ): CallParts & { readonly decode: (message: Buffer) => MessageShape<O> } {
    const path = `/${parent.typeName}/${name}`;
    return { path, headers: this.#headers, body, decode: (message) => fromBinary(output, message) };
  }

  #noted(error: InferenceError): InferenceError {
    if (error.reason === "deadline-exceeded" && !this.#closing.signal.aborted) {
      this.#check ??= this.#checkConnection().finally(() => {
        this.#check = undefined;
      });
    }
    return error;
  }

  /**
   * A connection whose other end vanished without a word looks like a slow model, for a quarter of an hour. So after
   * a missed deadline the server is asked whether it is alive; silence about that, and about all else, means a new
   * connection. Where it takes no further call at the moment it cannot be asked: those on the way have deadlines too.
   */
  async #checkConnection(): Promise<void> {
    const suspect = this.#connection.open;
    if (!suspect || suspect.full) return;
    const askedAtMs = performance.now();
    const body = framed(toBinary(rpc.serverLive.input, create(rpc.serverLive.input)));
    const call = this.#parts(rpc.serverLive, body);
    try {
      await callUnary(this.#connection, call, this.#inner({ deadlineMs: SILENCE_DEADLINE_MS }));
    } catch (error) {
      if (InferenceError.from(error).reason !== "deadline-exceeded") return;
      if (this.#connection.open !== suspect || suspect.heardAtMs > askedAtMs) return;
      this.#options.log?.warn({ address: this.address }, "model server silent, connecting anew");
      this.#connection.renew();
    }
  }
}
