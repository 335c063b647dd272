import { setTimeout } from "node:timers/promises";
import type { Closable, Logger } from "@followspot/runtime";
import type { ModelMetadataResponse } from "@followspot/schema/inference/grpc_service";
import type { ModelConfig } from "@followspot/schema/inference/model_config";
import { InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import { detectContract, type ModelContract } from "./model-contract.ts";
import { engineIdentityOf, identityOf, type ModelIdentity } from "./model-identity.ts";
import type { ControlOptions, TritonClient } from "./triton-client.ts";

/**
 * `waiting`: the server or the model is not there, and is asked again and again. `ready`: the model can be asked.
 * `unusable`: it is there, but cannot be used as it is; it is asked again too, since a reload may mend it.
 */
export type ModelState = "waiting" | "ready" | "unusable";

export interface ModelReport {
  readonly state: ModelState;
  /** One sentence for a person. */
  readonly detail: string;
  /** Why it is not ready, where something has failed. */
  readonly reason?: InferenceErrorReason;
  /** Known from when the model was found: while it is still being prepared, too. */
  readonly identity?: ModelIdentity;
}

/** A model as its server describes it. */
export interface FoundModel {
  readonly contract: ModelContract;
  readonly identity: ModelIdentity;
  readonly metadata: ModelMetadataResponse;
  readonly config: ModelConfig;
}

/** Whoever can tell of a model what a watch wants to know: Triton, or a server that is made to look like it. */
export type ModelSource = Pick<TritonClient, "address" | "modelReady" | "modelMetadata" | "modelConfig">;

export interface ModelWatchOptions {
  readonly client: ModelSource;
  readonly model: string;
  /** The contract that the model must speak to be of use; either where left out. */
  readonly contract?: ModelContract;
  /** What must have succeeded before the model counts as ready, each time that it was looked at. @throws InferenceError */
  readonly prepare?: (found: FoundModel, signal: AbortSignal) => Promise<void>;
  readonly log?: Logger | undefined;
  /** Called at every change, and never with the same report twice running. */
  readonly onReport?: ((report: ModelReport) => void) | undefined;
}

const FIRST_DELAY_MS = 50;
const LAST_DELAY_MS = 1_000;
/** How often an answer that makes one doubt the model may cost a look at it. */
const DOUBT_RECHECK_MS = 1_000;
const PROBE_DEADLINE_MS = 3_000;

/**
 * Knows whether the model is there and which one it is.
 *
 *     waiting --probe succeeded--> ready --lost()--> waiting
 *     waiting --not of use-------> unusable --probe succeeded--> ready
 */
export class ModelWatch implements Closable {
  readonly #options: ModelWatchOptions;
  readonly #closing = new AbortController();
  #report: ModelReport;
  #problem: InferenceError | undefined;
  #changed = Promise.withResolvers<void>();
  #loop: Promise<void> | undefined;
  #probing: Promise<ModelIdentity> | undefined;
  #identified = Promise.withResolvers<ModelIdentity>();
  #preparing: ModelIdentity | undefined;
  #probedAtMs = -Infinity;

  constructor(options: ModelWatchOptions) {
    this.#options = options;
    this.#report = {
      state: "waiting",
      detail: `asking ${options.client.address} for model "${options.model}"`,
    };
  }

  get report(): ModelReport {
    return this.#report;
  }

  /** The model that was found and is being prepared just now: it answers already. */
  get preparing(): ModelIdentity | undefined {
    return this.#preparing;
  }

  /** Begins to ask. */
  start(): void {
    this.#loop ??= this.#askUntilUsable().finally(() => {
      this.#loop = undefined;
    });
  }

  /** @throws InferenceError unsupported-model at once where the model cannot be used; canceled by the signal */
  async waitUntilReady(signal: AbortSignal): Promise<ModelIdentity> {
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal.addEventListener("abort", abort);
    try {
      for (;;) {
        if (signal.aborted || this.#closing.signal.aborted) {
          throw new InferenceError("canceled", "gave up waiting for the model", { cause: signal.reason });
        }
        if (this.#report.state === "unusable" && this.#problem) throw this.#problem;
        if (this.#report.state === "ready" && this.#report.identity) return this.#report.identity;
        await Promise.race([this.#changed.promise, aborted.promise]);
      }
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** What a call that failed says about the model. */
  noted(failure: InferenceError): void {
    const { reason } = failure;
    if (reason === "unavailable" || reason === "model-unavailable") this.lost(failure);
    // A model that was exchanged for one of another kind refuses, or answers in its own way.
    if (reason === "rejected" || reason === "malformed-answer") this.recheck(DOUBT_RECHECK_MS);
  }

  /** A call found the model gone. */
  lost(error: InferenceError): void {
    if (this.#closing.signal.aborted) return;
    this.#become({ state: "waiting", detail: this.#describe(error), reason: error.reason });
    this.start();
  }

  /** Looks at the model again in the background, unless that was done in the last `everyMs`. */
  recheck(everyMs: number): void {
    if (performance.now() - this.#probedAtMs < everyMs) return;
    this.probe().catch((error: unknown) => this.#failed(InferenceError.from(error)));
  }

  /** Reads metadata and configuration now, once for all who ask meanwhile. @throws InferenceError */
  probe(options: ControlOptions = {}): Promise<ModelIdentity> {
    this.#probing ??= this.#read(options).finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** As `probe`, but waits for no preparation: that may take minutes, and may itself want to know. @throws InferenceError */
  async identify(options: ControlOptions = {}): Promise<ModelIdentity> {
    if (this.#preparing) return this.#preparing;
    const probing = this.probe(options);
    // What becomes of the preparation nobody else hears of. That the asker had little time says nothing of the model.
    probing.catch((thrown: unknown) => {
      const error = InferenceError.from(thrown);
      if (error.reason !== "deadline-exceeded") this.#failed(error);
    });
    return await Promise.race([this.#identified.promise, probing]);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#changed.resolve();
    await Promise.allSettled([this.#loop, this.#probing]);
  }

  async #read({ deadlineMs = PROBE_DEADLINE_MS }: ControlOptions): Promise<ModelIdentity> {
    this.#probedAtMs = performance.now();
    this.#identified = Promise.withResolvers();
    const { client, model, contract } = this.#options;
    const call = { deadlineMs, signal: this.#closing.signal };
    const [ready, metadata, config] = await Promise.all([
      client.modelReady(model, call),
      client.modelMetadata(model, call),
      client.modelConfig(model, call),
    ]);
    if (!ready) throw new InferenceError("model-unavailable", `model "${model}" is not ready`);
    const spoken = detectContract(metadata, config);
    if (contract && spoken !== contract) {
      throw new InferenceError(
        "unsupported-model",
        `model "${model}" speaks the ${spoken} contract, which this version cannot use as a recognizer yet`,
      );
    }
    const identity =
      spoken === "scores" ? identityOf(model, config) : engineIdentityOf(model, { metadata, config });
    if (this.#options.prepare) {
      const detail = `${identity.name} ${identity.version} is being prepared`;
      if (this.#report.state !== "ready") this.#become({ state: "waiting", detail, identity });
      this.#preparing = identity;
      this.#identified.resolve(identity);
      try {
        await this.#options.prepare({ contract: spoken, identity, metadata, config }, this.#closing.signal);
      } finally {
        this.#preparing = undefined;
      }
    }
    this.#problem = undefined;
    this.#become({ state: "ready", detail: `${identity.name} ${identity.version}`, identity });
    return identity;
  }

  async #askUntilUsable(): Promise<void> {
    for (let delayMs = FIRST_DELAY_MS; !this.#closing.signal.aborted; delayMs *= 2) {
      try {
        await this.probe();
        return;
      } catch (error) {
        this.#failed(InferenceError.from(error));
      }
      await this.#pause(Math.min(delayMs, LAST_DELAY_MS) * (0.5 + Math.random() / 2));
    }
  }

  #failed(error: InferenceError): void {
    if (this.#closing.signal.aborted) return;
    this.#problem = error;
    const { reason, retryable } = error;
    this.#become({ state: retryable ? "waiting" : "unusable", detail: this.#describe(error), reason });
    this.start();
  }

  #describe(error: InferenceError): string {
    const { client, model } = this.#options;
    switch (error.reason) {
      case "unavailable":
      case "deadline-exceeded":
        return `no model server answers at ${client.address}`;
      case "model-unavailable":
        return `the model server at ${client.address} has no model "${model}" ready`;
      default:
        return error.message;
    }
  }

  #become(report: ModelReport): void {
    const last = this.#report;
    if (last.state === report.state && last.detail === report.detail) return;
    this.#report = report;
    this.#options.log?.info(
      { model: this.#options.model, state: report.state, detail: report.detail },
      "model state",
    );
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
    this.#options.onReport?.(report);
  }

  /** Ends early when closing. */
  async #pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
