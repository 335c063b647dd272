import type { Closable, Metrics } from "@followspot/runtime";
import { GRPCInferenceService } from "@followspot/schema/inference/grpc_service";
import { toGrpcService } from "@followspot/triton";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { kserveCalls } from "./kserve-calls.ts";
import type { ModelRepository } from "./model-repository.ts";
import type { RecognizerPool } from "./recognizer-pool.ts";

export interface KserveServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly repository: ModelRepository;
  readonly pool: RecognizerPool;
  readonly metrics: Metrics;
}

/** A request holds one picture, which is bounded too, and a few labels. */
const MAX_REQUEST_BYTES = 72 * 1024 * 1024;
const DRAIN_MS = 2_000;

/** Listens for KServe v2 over gRPC. */
export class KserveServer implements Closable {
  readonly #server: Server;
  readonly #host: string;
  readonly port: number;

  private constructor(server: Server, host: string, port: number) {
    this.#server = server;
    this.#host = host;
    this.port = port;
  }

  /** @throws Error where the port is taken */
  static async listen({ host, port, ...deps }: KserveServerOptions): Promise<KserveServer> {
    const server = new Server({
      "grpc.max_receive_message_length": MAX_REQUEST_BYTES,
      "grpc.max_send_message_length": -1,
      "grpc.enable_channelz": 0,
      // Without this a taken port is shared silently with whoever holds it.
      "grpc.so_reuseport": 0,
    });
    server.addService(toGrpcService(GRPCInferenceService), kserveCalls(deps));
    const name = host.includes(":") ? `[${host}]` : host;
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${name}:${port}`, ServerCredentials.createInsecure(), (error, taken) => {
        if (error) reject(error);
        else resolve(taken);
      });
    });
    return new KserveServer(server, name, bound);
  }

  get address(): string {
    return `grpc://${this.#host}:${this.port}`;
  }

  /** Finishes what is being answered, for a moment. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => {
        this.#server.forceShutdown();
        resolve();
      }, DRAIN_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }
}
