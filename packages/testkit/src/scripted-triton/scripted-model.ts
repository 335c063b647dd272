import { setTimeout } from "node:timers/promises";
import type { ModelContract } from "@followspot/triton";
import { checkRequest } from "./check-request.ts";
import { invalid, refusedByModel, unknownModel } from "./grpc-failure.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { type Signature, signatureOf } from "./model-signature.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ScriptedScores } from "./responses.ts";
import { readRequest, type ScriptedRequest } from "./scripted-request.ts";
import { ServiceSlots } from "./service-slots.ts";
import type { ScriptedPart } from "./text-outputs.ts";
import { checkVllmRequest, type VllmOptions } from "./vllm-refusals.ts";

export interface ScriptedModelOptions extends VllmOptions {
  /** "understudy" where left out. */
  readonly name?: string;
  /** "scores" where left out. */
  readonly contract?: ModelContract;
  readonly version?: string;
  readonly accuracy?: number;
  readonly rung?: string;
  /** `scores`: above 0, every tensor has a batch dimension, of one; 0 where left out. */
  readonly maxBatchSize?: number;
  /** How many requests are served at once; the others wait in order. 1 where left out. */
  readonly slots?: number;
  /** How long serving one takes, in milliseconds; 0 (not even a timer) where left out. */
  readonly serviceMs?: number | ((request: ScriptedRequest) => number);
  /** `scores`: 0.5 for each label that was asked for, where left out. */
  readonly answer?: (request: ScriptedRequest) => ScriptedScores;
  /** `vllm`: the parts of the text, with their log probabilities as JSON. One part, "none", where left out. */
  readonly texts?: (request: ScriptedRequest) => readonly ScriptedPart[];
}

/** As RepositoryIndex says it. */
export type ScriptedModelState = "READY" | "LOADING" | "UNAVAILABLE";

export interface Served {
  readonly request: ScriptedRequest;
  /** From the arrival at the server to the answer, waiting for a slot included. */
  readonly modelMs: number;
  /** In the slot only. */
  readonly serviceMs: number;
}

/** One model of a scripted Triton. Everything public may be changed while it runs; it holds for the next request. */
export class ScriptedModel {
  readonly name: string;
  readonly contract: ModelContract;
  readonly maxBatchSize: number;
  readonly signature: Signature;
  version: string;
  accuracy: number;
  rung: string;
  serviceMs: number | ((request: ScriptedRequest) => number);
  answer: (request: ScriptedRequest) => ScriptedScores;
  texts: (request: ScriptedRequest) => readonly ScriptedPart[];
  state: ScriptedModelState = "READY";
  /** How much longer a "slow" answer takes. */
  slowMs = 100;
  /** Requests by what became of them; `received` counts all. */
  readonly counts = { received: 0, answered: 0, cancelled: 0, failed: 0 };
  /** Sums over the answered ones, in milliseconds. */
  readonly times = { queue: 0, service: 0 };
  readonly #slots: ServiceSlots;
  readonly #vllm: VllmOptions;

  constructor(options: ScriptedModelOptions = {}) {
    this.name = options.name ?? "understudy";
    this.contract = options.contract ?? "scores";
    this.maxBatchSize = options.maxBatchSize ?? 0;
    this.signature = signatureOf(this.contract, this.maxBatchSize);
    this.#vllm = options;
    this.version = options.version ?? "v1";
    this.accuracy = options.accuracy ?? 0.9;
    this.rung = options.rung ?? "understudy";
    this.serviceMs = options.serviceMs ?? 0;
    this.answer =
      options.answer ?? (({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.5 })) }));
    this.texts = options.texts ?? (() => ["none"]);
    this.#slots = new ServiceSlots(options.slots ?? 1);
  }

  get slots(): number {
    return this.#slots.slots;
  }

  set slots(slots: number) {
    this.#slots.slots = slots;
  }

  /** Requests that are being served. */
  get busy(): number {
    return this.#slots.busy;
  }

  /** Requests that wait for a slot. */
  get waiting(): number {
    return this.#slots.waiting;
  }

  /** @throws GrpcFailure NOT_FOUND, in the words for a model that is loading or was unloaded, or lacks that version */
  requireReady(modelVersion = ""): void {
    if (modelVersion !== "" && !/^\d/.test(modelVersion)) {
      throw invalid(
        `failed to get model version from specified version string '${modelVersion}' (details: stol), version should ` +
          "be an integral value > 0",
      );
    }
    if (this.state !== "READY") throw unknownModel(this.name, "has no available versions");
    if (modelVersion !== "" && Number(modelVersion) !== 1) {
      throw unknownModel(this.name, `version ${modelVersion} is not found`);
    }
  }

  /** Checks a request, waits for a slot, and serves it for as long as the script says. */
  async serve(
    message: ReceivedRequest,
    { signal, wrong }: { signal: AbortSignal; wrong?: Misbehaviour | undefined },
  ) {
    const arrivedAtMs = performance.now();
    this.counts.received++;
    try {
      checkRequest(message, this.signature);
      const request = readRequest(message, this.counts.received);
      if (this.contract === "vllm") checkVllmRequest(message, request, this.#vllm);
      // What a real server lets through because an optional input took the required one's place.
      else if (!message.inputs.some(({ name }) => name === "image")) {
        throw refusedByModel("input 'image' is missing");
      }
      if (wrong === "hang") await aborted(signal);
      await this.#slots.enter(signal);
      const begunAtMs = performance.now();
      try {
        const planned = typeof this.serviceMs === "function" ? this.serviceMs(request) : this.serviceMs;
        const ms = planned + (wrong === "slow" ? this.slowMs : 0);
        if (ms > 0) await setTimeout(ms, undefined, { signal });
      } finally {
        this.#slots.leave();
      }
      const endedAtMs = performance.now();
      this.counts.answered++;
      this.times.queue += begunAtMs - arrivedAtMs;
      this.times.service += endedAtMs - begunAtMs;
      return { request, modelMs: endedAtMs - arrivedAtMs, serviceMs: endedAtMs - begunAtMs } satisfies Served;
    } catch (error) {
      this.counts[signal.aborted ? "cancelled" : "failed"]++;
      throw error;
    }
  }

  /** What every answer of it says about itself. */
  parametersOf({ modelMs, serviceMs }: Served): Record<string, string> {
    return { model_ms: modelMs.toFixed(3), service_ms: serviceMs.toFixed(3), version: this.version };
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
