import { setTimeout } from "node:timers/promises";
import type { Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { detectContract, InferenceError, type ModelContract, TritonClient } from "@followspot/triton";
import sharp from "sharp";
import type { Answer } from "./contestant.ts";
import { FixedRecognizer, type Look } from "./fixed-recognizer.ts";
import { openScoresModel } from "./scores-model.ts";
import { openWordsModel } from "./text/words-model.ts";

export interface ServedOptions {
  /** grpc://host:port or grpcs://host:port */
  readonly address: string;
  readonly model: string;
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take to be there. Default 10 s. */
  readonly readyWithinMs?: number;
}

/** A model of one contract, ready to be asked. */
export interface ServedModel {
  readonly version: string | undefined;
  /** @throws InferenceError; `malformed-answer` for an answer that nobody can read. */
  ask(question: Question): Promise<{ readonly answer: Answer; readonly ms: number }>;
  close(): Promise<void>;
}

export interface Question {
  readonly jpeg: Uint8Array;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

export interface ModelPlace {
  readonly client: TritonClient;
  readonly model: string;
  readonly labels: readonly string[];
  /** Ends the waiting for it. */
  readonly waited: AbortSignal;
}

const OPENERS: Readonly<Record<ModelContract, (place: ModelPlace) => Promise<ServedModel>>> = {
  scores: openScoresModel,
  vllm: openWordsModel,
};

const READY_WITHIN_MS = 10_000;
const DEADLINE_MS = 60_000;
const PROBE_DEADLINE_MS = 3_000;
const PROBE_AGAIN_MS = 250;
const JPEG_QUALITY = 92;
const TRIES = 3;
const RETRY_DELAY_MS = 500;

/**
 * A recognizer behind a model server, asked over KServe v2 in whichever contract it speaks.
 * @throws UserError where the server or the model cannot be asked
 */
export async function openServedRecognizer(name: string, options: ServedOptions): Promise<FixedRecognizer> {
  const { address, model, labels, signal, readyWithinMs = READY_WITHIN_MS } = options;
  const client = await TritonClient.connect({ address });
  const late = AbortSignal.timeout(readyWithinMs);
  const waited = signal ? AbortSignal.any([signal, late]) : late;
  try {
    const contract = await contractOf(client, model, waited);
    const served = await OPENERS[contract]({ client, model, labels, waited });
    return new FixedRecognizer({
      card: {
        name,
        kind: "served",
        version: served.version,
        labels: undefined,
        modelBytes: undefined,
        contract,
      },
      look: (picture, stop) => look(served, { name, picture, signal: stop }),
      close: async () => {
        await served.close();
        await client.close();
      },
    });
  } catch (error) {
    await client.close();
    signal?.throwIfAborted();
    if (!(error instanceof InferenceError)) throw error;
    throw new UserError(`--recognizer: ${name}: ${describe(error, { address, model })}`, { cause: error });
  }
}

/** Waits for a server that is starting, or for a model that is loading. @throws InferenceError the last one */
async function contractOf(client: TritonClient, model: string, waited: AbortSignal): Promise<ModelContract> {
  const call = { deadlineMs: PROBE_DEADLINE_MS };
  for (;;) {
    try {
      const [ready, metadata, config] = await Promise.all([
        client.modelReady(model, call),
        client.modelMetadata(model, call),
        client.modelConfig(model, call),
      ]);
      if (!ready) throw new InferenceError("model-unavailable", `model "${model}" is not ready`);
      return detectContract(metadata, config);
    } catch (error) {
      const failure = InferenceError.from(error);
      if (!failure.retryable || waited.aborted) throw failure;
      await setTimeout(PROBE_AGAIN_MS, undefined, { signal: waited }).catch(() => {});
      if (waited.aborted) throw failure;
    }
  }
}

function describe(error: InferenceError, { address, model }: { address: string; model: string }): string {
  switch (error.reason) {
    case "unavailable":
    case "deadline-exceeded":
      return `no model server answers at ${address}`;
    case "model-unavailable":
      return `the model server at ${address} has no model "${model}" ready`;
    default:
      return error.message;
  }
}

async function look(
  served: ServedModel,
  {
    name,
    picture,
    signal = new AbortController().signal,
  }: { readonly name: string; readonly picture: Picture; readonly signal: AbortSignal | undefined },
): Promise<Look> {
  const jpeg = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  for (let attempt = 1; ; attempt++) {
    const startedMs = performance.now();
    try {
      return await served.ask({ jpeg, signal, deadlineMs: DEADLINE_MS });
    } catch (error) {
      signal.throwIfAborted();
      const failure = InferenceError.from(error);
      // An answer that cannot be read is an answer, and a wrong one: leaving it out would flatter.
      if (failure.reason === "malformed-answer") {
        return {
          answer: { labels: [], unknown: 0, unparseable: failure.message },
          ms: performance.now() - startedMs,
        };
      }
      if (!failure.retryable || attempt >= TRIES) {
        throw new UserError(`--recognizer: ${name} failed at a picture: ${failure.message}`, {
          cause: failure,
        });
      }
      await setTimeout(RETRY_DELAY_MS, undefined, { signal });
    }
  }
}
