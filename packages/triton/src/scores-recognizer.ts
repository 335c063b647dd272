import { randomUUID } from "node:crypto";
import type { Closable, Logger } from "@followspot/runtime";
import type { CallOptions } from "./call.ts";
import { InferenceError } from "./inference-error.ts";
import type { ModelIdentity } from "./model-identity.ts";
import { type ModelReport, ModelWatch } from "./model-watch.ts";
import { parseScores, type ScoresAnswer } from "./scores-answer.ts";
import { type ScoresQuestion, scoresParts } from "./scores-request.ts";
import type { TritonClient } from "./triton-client.ts";

export interface Recognition extends ScoresAnswer {
  /** The version that gave this very answer. */
  readonly version: string;
  readonly recognizer: ModelIdentity;
  /** The whole call as seen from here. */
  readonly callMs: number;
}

export interface ScoresRecognizerOptions {
  readonly client: TritonClient;
  readonly model: string;
  readonly log?: Logger | undefined;
  /** Told of every change between waiting, ready and unusable. */
  readonly onReport?: ((report: ModelReport) => void) | undefined;
  /** Somebody else's, who starts and closes it and hears its reports; its own where left out. */
  readonly watch?: ModelWatch | undefined;
}

/** How often an answer without a version may cost a look at the model. */
const UNVERSIONED_RECHECK_MS = 10_000;

/** Asks a model of the `scores` contract who is in a picture. It closes itself, not the client. */
export class ScoresRecognizer implements Closable {
  readonly #client: TritonClient;
  readonly #model: string;
  readonly #watch: ModelWatch;
  readonly #ownWatch: ModelWatch | undefined;
  readonly #idPrefix = randomUUID().slice(0, 8);
  #asked = 0;

  /** Begins to look for the model, which need not be there yet: see `waitUntilReady`. */
  static async connect(options: ScoresRecognizerOptions): Promise<ScoresRecognizer> {
    const recognizer = new ScoresRecognizer(options);
    recognizer.#ownWatch?.start();
    return recognizer;
  }

  private constructor({ client, model, log, onReport, watch }: ScoresRecognizerOptions) {
    this.#client = client;
    this.#model = model;
    this.#watch = watch ?? new ModelWatch({ client, model, contract: "scores", log, onReport });
    this.#ownWatch = watch ? undefined : this.#watch;
  }

  get report(): ModelReport {
    return this.#watch.report;
  }

  /** @throws InferenceError unsupported-model at once where the model cannot be used; canceled by the signal */
  waitUntilReady(signal: AbortSignal): Promise<ModelIdentity> {
    return this.#watch.waitUntilReady(signal);
  }

  /** @throws InferenceError; `unavailable` at once while the model is not ready */
  async recognize({ signal, deadlineMs, ...question }: ScoresQuestion & CallOptions): Promise<Recognition> {
    const { detail, state } = this.report;
    const identity = this.#watch.preparing ?? this.report.identity;
    if (!identity)
      throw new InferenceError(state === "unusable" ? "unsupported-model" : "unavailable", detail);
    const id = `${this.#idPrefix}-${++this.#asked}`;
    const { batched } = identity;
    const request = scoresParts({ ...question, model: this.#model, id, batched });
    const startedAtMs = performance.now();
    try {
      const response = await this.#client.infer(request, { signal, deadlineMs });
      const { labels = [] } = question;
      const answer = parseScores(response, { asked: labels.length > 0 ? labels : undefined, batched });
      const callMs = performance.now() - startedAtMs;
      const recognizer = await this.#identityOf(answer, identity, deadlineMs - callMs);
      return { ...answer, version: recognizer.version, recognizer, callMs };
    } catch (error) {
      const failure = InferenceError.from(error);
      this.#watch.noted(failure);
      throw failure;
    }
  }

  async close(): Promise<void> {
    await this.#ownWatch?.close();
  }

  /** Whose answer it is: an answer that names another version than the known one comes from a reloaded model. */
  async #identityOf(answer: ScoresAnswer, known: ModelIdentity, leftMs: number): Promise<ModelIdentity> {
    const { version } = answer;
    // Before 24.11 Triton's Python backend cannot put a parameter into an answer: then a reload shows only by asking.
    if (version === undefined) this.#watch.recheck(UNVERSIONED_RECHECK_MS);
    if (version === undefined || version === known.version) return known;
    const found = await this.#watch.identify({ deadlineMs: leftMs }).catch(() => undefined);
    // Reloaded yet again, or silent now: the answer holds, what its model is worth is not known.
    return found?.version === version ? found : { ...known, version, accuracy: 0 };
  }
}
