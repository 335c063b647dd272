import { setTimeout } from "node:timers/promises";
import type { Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import {
  detectContract,
  InferenceError,
  type Recognition,
  ScoresRecognizer,
  TritonClient,
} from "@followspot/triton";
import sharp from "sharp";
import { type Answer, sortLabels } from "./contestant.ts";
import { FixedRecognizer, type Look } from "./fixed-recognizer.ts";

export interface ServedOptions {
  /** grpc://host:port or grpcs://host:port */
  readonly address: string;
  readonly model: string;
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take to be there. Default 10 s. */
  readonly readyWithinMs?: number;
}

const READY_WITHIN_MS = 10_000;
const DEADLINE_MS = 60_000;
const JPEG_QUALITY = 92;
const TRIES = 3;
const RETRY_DELAY_MS = 500;

/**
 * A recognizer behind a model server, asked over KServe v2.
 * @throws UserError where the server or the model cannot be asked
 */
export async function openServedRecognizer(name: string, options: ServedOptions): Promise<FixedRecognizer> {
  const { address, model, labels, signal, readyWithinMs = READY_WITHIN_MS } = options;
  const client = await TritonClient.connect({ address });
  const waited = AbortSignal.timeout(readyWithinMs);
  let recognizer: ScoresRecognizer | undefined;
  try {
    recognizer = await ScoresRecognizer.connect({ client, model });
    const identity = await recognizer.waitUntilReady(signal ? AbortSignal.any([signal, waited]) : waited);
    const asked = recognizer;
    return new FixedRecognizer({
      card: {
        name,
        kind: "served",
        version: identity.version,
        labels: undefined,
        modelBytes: undefined,
        contract: "scores",
      },
      look: (picture, stop) => look({ recognizer: asked, labels, picture, signal: stop }),
      close: async () => {
        await asked.close();
        await client.close();
      },
    });
  } catch (error) {
    const reason = await whyNot(client, model, recognizer);
    await recognizer?.close();
    await client.close();
    signal?.throwIfAborted();
    if (!(error instanceof InferenceError)) throw error;
    throw new UserError(`--recognizer: ${name}: ${reason ?? error.message}`, { cause: error });
  }
}

async function whyNot(
  client: TritonClient,
  model: string,
  recognizer: ScoresRecognizer | undefined,
): Promise<string | undefined> {
  try {
    const options = { deadlineMs: 2_000 };
    const [metadata, config] = await Promise.all([
      client.modelMetadata(model, options),
      client.modelConfig(model, options),
    ]);
    const contract = detectContract(metadata, config);
    if (contract === "vllm") {
      return "the model speaks the vllm contract, which evaluate cannot ask yet; serve it behind the scores contract";
    }
  } catch {
    // What is known already says more than this second look.
  }
  return recognizer?.report.detail;
}

interface LookParts {
  readonly recognizer: ScoresRecognizer;
  readonly labels: readonly string[];
  readonly picture: Picture;
  readonly signal: AbortSignal | undefined;
}

async function look({
  recognizer,
  labels,
  picture,
  signal = new AbortController().signal,
}: LookParts): Promise<Look> {
  const jpeg = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  for (let attempt = 1; ; attempt++) {
    const startedMs = performance.now();
    try {
      const answer = await recognizer.recognize({ jpeg, labels, signal, deadlineMs: DEADLINE_MS });
      return { answer: answerOf(answer), ms: answer.callMs };
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
      if (!failure.retryable || attempt >= TRIES) throw failure;
      await setTimeout(RETRY_DELAY_MS, undefined, { signal });
    }
  }
}

function answerOf({ labels, unknown }: Recognition): Answer {
  return {
    labels: sortLabels(
      labels.map(({ label, score, raw, box }) => ({
        label,
        score,
        raw,
        box: box && {
          left: box.left,
          top: box.top,
          width: box.right - box.left,
          height: box.bottom - box.top,
        },
      })),
    ),
    unknown,
    unparseable: undefined,
  };
}
