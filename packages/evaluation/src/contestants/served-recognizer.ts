import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { decodePicture, type Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { isOpenAiAddress, OpenAiServer, parseOpenAiAddress } from "@followspot/openai-server";
import { InferenceError, type InferenceErrorReason, TritonClient } from "@followspot/triton";
import {
  type Calibration,
  openVisionRecognizer,
  readCalibration,
  type VisionRecognition,
  type VisionRecognizer,
  type VisionRecognizerOptions,
} from "@followspot/vision-language";
import { findSheet, MODEL_SHEETS } from "@followspot/vision-language/model-sheets";
import sharp from "sharp";
import { type Answer, type ContestantCard, sortLabels } from "./contestant.ts";
import { FixedRecognizer } from "./fixed-recognizer.ts";
import { askServerCard } from "./server-card.ts";
import type { ServedPlace } from "./served-place.ts";
import { showOf } from "./show-of.ts";
import { openCurrentUnderstudy, openUnderstudyFile } from "./stored-understudy.ts";

export interface ServedOptions {
  readonly showDir: string;
  readonly labels: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** How long the server may take to be there. Default 10 s. */
  readonly readyWithinMs?: number;
}

const READY_WITHIN_MS = 10_000;
/** A model that was found is waited for longer: its first answer takes a server minutes at worst. */
const PREPARED_WITHIN_MS = 180_000;
const DEADLINE_MS = 60_000;
const JPEG_QUALITY = 92;
const TRIES = 3;
const RETRY_DELAY_MS = 500;

/** A recognizer behind a model server, ready to be asked, with the connection that it needs. */
export interface ServedRecognizer {
  readonly recognizer: VisionRecognizer;
  readonly client: TritonClient | OpenAiServer;
  readonly version: string;
  readonly ask: (picture: Picture, signal?: AbortSignal) => Promise<VisionRecognition | Unreadable>;
  readonly close: () => Promise<void>;
}

/** An answer that nobody can read is an answer, too, and a wrong one: leaving it out would flatter. */
export interface Unreadable {
  readonly unreadable: string;
  readonly callMs: number;
}

/** The same as one that is put to the test. @throws UserError where the server or the model cannot be asked */
export async function openServedContestant(
  name: string,
  place: ServedPlace,
  options: ServedOptions,
): Promise<FixedRecognizer> {
  if (place.sheet !== undefined && !findSheet(place.sheet)) {
    throw new UserError(
      `--recognizer: ${name}: nothing is known of a model "${place.sheet}"; the sheets are ${MODEL_SHEETS.map(({ id }) => id).join(", ")}`,
    );
  }
  const { recognizer, client, version, ask, close } = await openServedRecognizer(name, place, options);
  return new FixedRecognizer({
    card: {
      name,
      kind: "served",
      version,
      labels: undefined,
      modelBytes: undefined,
      contract: recognizer.contract,
      ask: recognizer.ask,
      calibrated: calibratedBy(recognizer),
      sheet: findSheet(place.sheet ?? place.model)?.id,
      server: client instanceof TritonClient ? await askServerCard(client, place.model) : undefined,
    },
    look: async (picture, signal) => {
      const said = await ask(picture, signal);
      return { answer: answerOf(said), ms: said.callMs };
    },
    close,
  });
}

/**
 * A recognizer behind a model server, asked over KServe v2 in whichever contract it speaks, just as the worker asks it.
 * @throws UserError where the server or the model cannot be asked
 */
export async function openServedRecognizer(
  name: string,
  place: ServedPlace,
  { showDir, labels, signal, readyWithinMs = READY_WITHIN_MS }: ServedOptions,
): Promise<ServedRecognizer> {
  const { address: _address, sheet: _sheet, calibration, understudy, references, ...asked } = place;
  const show = await showOf(showDir, labels);
  const chosen = await calibrationOf(calibration);
  const ask = asked.ask ?? show.recognizer.ask;
  const proposer = ask === "verify" ? await proposerOf({ understudy, showDir, labels }) : undefined;
  const client = await connect(place);
  const recognizer = await openVisionRecognizer({
    client,
    show,
    recognizer: { ...asked, model: asked.model || "the first that is listed" },
    understudy: proposer,
    ...(references !== undefined && { references }),
    ...(chosen !== undefined && { calibration: chosen }),
  });
  const close = async () => {
    await recognizer.close();
    await client.close();
  };
  try {
    const { version } = await becomeReady(recognizer, { signal, readyWithinMs });
    return {
      recognizer,
      client,
      version,
      ask: (picture, stop) => look(recognizer, { name, labels, picture, signal: stop }),
      close,
    };
  } catch (error) {
    const { detail, reason } = recognizer.report;
    await close();
    signal?.throwIfAborted();
    if (!(error instanceof InferenceError)) throw error;
    throw new UserError(`--recognizer: ${name}: ${detail}${(reason && WHAT_TO_DO[reason]) ?? ""}`, {
      cause: error,
    });
  }
}

const WHAT_TO_DO: Partial<Record<InferenceErrorReason, string>> = {
  unavailable: ": start it, or correct the address",
  "deadline-exceeded": ": start it, or correct the address",
  "model-unavailable": ": load it there, or correct the name",
};

async function connect({ address, model }: ServedPlace): Promise<TritonClient | OpenAiServer> {
  if (!isOpenAiAddress(address)) return await TritonClient.connect({ address });
  const whole = model === "" ? address : `${address}/${model}`;
  return new OpenAiServer({ address: parseOpenAiAddress(whole, "--recognizer") });
}

async function becomeReady(
  recognizer: VisionRecognizer,
  {
    signal = never,
    readyWithinMs,
  }: { readonly signal: AbortSignal | undefined; readonly readyWithinMs: number },
) {
  const within = (ms: number) =>
    recognizer.waitUntilReady(AbortSignal.any([signal, AbortSignal.timeout(ms)]));
  try {
    return await within(readyWithinMs);
  } catch (error) {
    signal.throwIfAborted();
    if (!recognizer.report.identity) throw error;
    return await within(PREPARED_WITHIN_MS);
  }
}

function calibratedBy({ calibratedByServer, calibration }: VisionRecognizer): ContestantCard["calibrated"] {
  if (calibratedByServer) return { by: "server", dataset: undefined };
  return calibration && { by: "show", dataset: calibration.dataset };
}

/** Undefined: the newest of the show that fits; null: none. */
async function calibrationOf(named: string | undefined): Promise<Calibration | null | undefined> {
  if (named === undefined) return undefined;
  return named === "none" ? null : await readCalibration(named);
}

/** An understudy that proposes whom to look for. */
async function proposerOf({
  understudy,
  showDir,
  labels,
}: {
  readonly understudy: string | undefined;
  readonly showDir: string;
  readonly labels: readonly string[];
}): Promise<NonNullable<VisionRecognizerOptions["understudy"]>> {
  const file = understudy && resolve(understudy);
  const model = file
    ? await openUnderstudyFile("understudy", { file, labels })
    : await openCurrentUnderstudy("current", { showDir, labels });
  const { version } = model.card;
  return {
    version,
    recognize: async ({ jpeg, signal }) => {
      const { answer } = await model.look(await decodePicture(jpeg), signal);
      return {
        labels: answer.labels.map(({ box, ...said }) => ({
          ...said,
          ...(box && {
            box: {
              left: box.left,
              top: box.top,
              right: box.left + box.width,
              bottom: box.top + box.height,
            },
          }),
        })),
        unknown: answer.unknown,
        version,
      };
    },
  };
}

async function look(
  recognizer: VisionRecognizer,
  {
    name,
    labels,
    picture,
    signal = never,
  }: {
    readonly name: string;
    readonly labels: readonly string[];
    readonly picture: Picture;
    readonly signal: AbortSignal | undefined;
  },
): Promise<VisionRecognition | Unreadable> {
  const jpeg = await sharp(picture.rgb, {
    raw: { width: picture.width, height: picture.height, channels: 3 },
  })
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
    .toBuffer();
  for (let attempt = 1; ; attempt++) {
    const startedMs = performance.now();
    try {
      return await recognizer.recognize({ jpeg, labels, signal, deadlineMs: DEADLINE_MS });
    } catch (error) {
      signal.throwIfAborted();
      const failure = InferenceError.from(error);
      if (failure.reason === "malformed-answer") {
        return { unreadable: failure.message, callMs: performance.now() - startedMs };
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

/** Only those whom the model put an order to: among the others of a list there is none. */
function answerOf(answer: VisionRecognition | Unreadable): Answer {
  if ("unreadable" in answer) return { labels: [], unknown: 0, unparseable: answer.unreadable };
  const { labels, unknown, ranked, reading } = answer;
  const said = labels
    .filter(({ label }) => ranked.includes(label))
    .map(({ label, score, raw, box }) => ({
      label,
      score,
      raw,
      box: box && {
        left: box.left,
        top: box.top,
        width: box.right - box.left,
        height: box.bottom - box.top,
      },
    }));
  return {
    labels: sortLabels(said),
    unknown,
    unparseable: undefined,
    ...(reading !== "scores" && { reading }),
  };
}

const never = new AbortController().signal;
