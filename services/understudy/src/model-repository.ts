import { encodeModel, loadCurrentModel, NoModel, type UnderstudyModel } from "@followspot/recognition";
import type { HealthAnswer, Logger } from "@followspot/runtime";
import { status } from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";
import { CLOSING } from "./pool-thread.ts";
import type { RecognizerPool } from "./recognizer-pool.ts";

/** The one model that this server hosts. */
export const MODEL_NAME = "understudy";

export interface LoadedModel {
  readonly version: string;
  readonly labels: readonly string[];
  readonly accuracy: UnderstudyModel["accuracy"];
}

/** As RepositoryIndex tells it. */
export type RepositoryState =
  | { readonly state: "READY"; readonly model: LoadedModel; readonly reason: "" }
  | { readonly state: "UNAVAILABLE"; readonly reason: string };

/** The models folder of a show, and which of its models is in force. */
export class ModelRepository {
  readonly #modelsDir: string;
  readonly #pool: RecognizerPool;
  readonly #log: Logger;
  #state: RepositoryState = { state: "UNAVAILABLE", reason: "not loaded yet" };
  #unloaded = false;
  #loading: Promise<void> = Promise.resolve();

  constructor({ modelsDir, pool, log }: { modelsDir: string; pool: RecognizerPool; log: Logger }) {
    this.#modelsDir = modelsDir;
    this.#pool = pool;
    this.#log = log;
  }

  get state(): RepositoryState {
    return this.#state;
  }

  /** Ready to answer, or unloaded because somebody wished it so. */
  get inOrder(): boolean {
    return this.#state.state === "READY" || this.#unloaded;
  }

  readonly check = (): HealthAnswer =>
    this.#state.state === "READY"
      ? { ok: true, detail: `model ${this.#state.model.version} is in force` }
      : { ok: false, detail: this.#state.reason };

  /** @throws GrpcFailure NOT_FOUND where no model is in force */
  require(): LoadedModel {
    if (this.#state.state === "READY") return this.#state.model;
    const because = this.#unloaded ? "" : `: ${this.#state.reason}`;
    throw new GrpcFailure(
      status.NOT_FOUND,
      `Request for unknown model: '${MODEL_NAME}' has no available versions${because}`,
    );
  }

  /**
   * Reads the folder again and puts its model in force. One that cannot be used changes nothing: the model before
   * goes on answering. Loads come one after another.
   * @throws UserError the sentence that says what is wrong.
   */
  load(): Promise<void> {
    const load = this.#loading.then(() => this.#load());
    this.#loading = load.catch(() => {});
    return load;
  }

  unload(): void {
    this.#unloaded = true;
    this.#state = { state: "UNAVAILABLE", reason: "unloaded" };
    this.#log.info("model unloaded");
  }

  async #load(): Promise<void> {
    try {
      const { version, model } = await loadCurrentModel(this.#modelsDir);
      await this.#pool.load({ version, file: encodeModel(model), modelsDir: this.#modelsDir });
      const { labels, accuracy } = model;
      this.#state = { state: "READY", model: { version, labels, accuracy }, reason: "" };
      this.#unloaded = false;
      this.#log.info({ version, labels: labels.length, accuracy: accuracy?.top1 }, "model in force");
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (this.#state.state !== "READY") this.#state = { state: "UNAVAILABLE", reason: problem };
      const refused = !(error instanceof NoModel) && error !== CLOSING;
      if (refused) this.#log.error({ problem }, "model refused");
      throw error;
    }
  }
}
