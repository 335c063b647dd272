import { join } from "node:path";
import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { OpenAiServer } from "@followspot/openai-server";
import type { Closable } from "@followspot/runtime";
import type { WayToAsk } from "@followspot/show";
import {
  type CallOptions,
  type FoundModel,
  type ModelContract,
  InferenceError,
  type ModelIdentity,
  type ModelReport,
  ModelWatch,
} from "@followspot/triton";
import sharp from "sharp";
import type { Asked, Asker } from "./asking/asker.ts";
import { calibratedScore } from "./calibration/calibrated-score.ts";
import type { Calibration, CalibrationWanted } from "./calibration/calibration-file.ts";
import { ShowCalibrations } from "./calibration/show-calibrations.ts";
import { FAMILIES, type FamilyProfile } from "./family.ts";
import { identityAsAsked } from "./identity-as-asked.ts";
import { openAiSource } from "./openai-source.ts";
import { isCalibrated, openAsker } from "./open-asker.ts";
import type {
  AskingConfig,
  ReadingOrNot,
  VisionQuestion,
  VisionRecognition,
  VisionRecognizerOptions,
} from "./vision-question.ts";
import { asItIs, fitPicture } from "./pictures/fit-picture.ts";
import { MOST_REFERENCES } from "./pictures/reference-pictures.ts";
import { PromptBook } from "./prompt/prompt-book.ts";

const WARM_UP_DEADLINE_MS = 120_000;
/** How often an answer without a version may cost a look at the model. */
const UNVERSIONED_RECHECK_MS = 10_000;
/** How soon a calibration that waits is told of. */
const LOOK_EVERY_MS = 5_000;

/** What is known of the model that can be asked at the moment. */
interface Ready {
  readonly asker: Asker;
  /** The model's own. */
  readonly version: string;
  readonly calibration: Calibration | undefined;
  /** Takes pictures of the family's size and the show's words; an understudy takes neither. */
  readonly sees: boolean;
  readonly contract: ModelContract;
  readonly calibratedByServer: boolean;
}

/**
 * Asks a vision-language model who is in a picture, in whichever contract its server speaks. It closes itself, not the
 * client.
 */
export class VisionRecognizer implements Closable {
  readonly #options: VisionRecognizerOptions;
  readonly #config: AskingConfig;
  readonly #profile: FamilyProfile;
  readonly #prompts: PromptBook;
  readonly #watch: ModelWatch;
  readonly #calibrations: ShowCalibrations;
  readonly #readings = new Map<ReadingOrNot, number>();
  #ready: (Ready & { readonly key: string }) | undefined;
  #look: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #waiting: string | undefined;

  constructor(options: VisionRecognizerOptions) {
    const { client, show, log, onReport, startedAtMs } = options;
    this.#options = options;
    this.#config = { ...show.recognizer, ...options.recognizer };
    this.#profile = FAMILIES[this.#config.family];
    this.#prompts = new PromptBook(show);
    this.#calibrations = new ShowCalibrations({ dir: join(show.dir, "models"), startedAtMs });
    this.#watch = new ModelWatch({
      client: client instanceof OpenAiServer ? openAiSource(client) : client,
      model: this.#config.model,
      log,
      prepare: (found, signal) => this.#prepare(found, signal),
      onReport: onReport && ((report) => onReport(this.#reportOf(report))),
    });
  }

  /** Begins to look for the model. */
  start(): void {
    this.#watch.start();
    this.#look ??= setInterval(() => void this.lookForCalibrations(), LOOK_EVERY_MS).unref();
  }

  get report(): ModelReport {
    return this.#reportOf(this.#watch.report);
  }

  /** The contract of the model that was last ready. */
  get contract(): ModelContract | undefined {
    return this.#ready?.contract;
  }

  /** What a calibration of the model as it is asked now must have been fitted on; undefined before it was found. */
  get conditions(): CalibrationWanted | undefined {
    const version = this.#watch.report.identity?.version;
    return version === undefined ? undefined : this.#conditions(version);
  }

  /** The calibration that is applied here; undefined where none is. */
  get calibration(): Calibration | undefined {
    return this.#ready?.calibration;
  }

  /** Looks whether the show's next start would calibrate otherwise; the report says so. Done every few seconds. */
  lookForCalibrations(): Promise<void> {
    this.#looking ??= this.#lookForCalibrations().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Whether scores come calibrated from the server: then no calibration of ours is applied. */
  get calibratedByServer(): boolean {
    return this.#ready?.calibratedByServer ?? false;
  }

  /** How a model that looks for itself is asked; undefined of an understudy. */
  get ask(): WayToAsk | undefined {
    return this.#ready?.sees ? this.#config.ask : undefined;
  }

  /** How many answers were understood in which way, since the start. */
  get readings(): Readonly<Partial<Record<ReadingOrNot, number>>> {
    return Object.fromEntries(this.#readings);
  }

  /** What would be told and asked about a picture of this scene now. */
  promptVersion(scene?: string): string {
    return this.#prompts.forScene(scene).version;
  }

  /** @throws InferenceError unsupported-model at once where the model cannot be used; canceled by the signal */
  async waitUntilReady(signal: AbortSignal): Promise<ModelIdentity> {
    return this.#identityOf(await this.#watch.waitUntilReady(signal));
  }

  /** @throws InferenceError; `unavailable` at once while the model is not ready */
  async recognize(question: VisionQuestion): Promise<VisionRecognition> {
    const { identity, detail, state } = this.#watch.report;
    const ready = this.#ready;
    if (state !== "ready" || !identity || !ready) {
      throw new InferenceError(state === "unusable" ? "unsupported-model" : "unavailable", detail);
    }
    try {
      const answer = await this.#ask(ready, question, identity);
      this.#count(answer.reading);
      // No such answer names a version: an exchange of the model shows only by looking.
      if (ready.contract === "vllm") this.#watch.recheck(UNVERSIONED_RECHECK_MS);
      return answer;
    } catch (error) {
      throw this.#noted(InferenceError.from(error));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    await this.#watch.close();
    await this.#looking;
  }

  async #ask(
    ready: Ready,
    { jpeg, labels, scene, boxes = false, proposal, signal, deadlineMs }: VisionQuestion,
    identity: ModelIdentity,
  ): Promise<VisionRecognition> {
    const startedMs = performance.now();
    const picture = ready.sees
      ? await fitPicture(jpeg, { profile: this.#profile, maxPixels: this.#config.maxPixels })
      : asItIs(jpeg);
    const prompt = this.#prompts.forScene(scene);
    const told = await ready.asker.ask({
      picture,
      labels: labels?.length ? labels : this.#options.show.cast.map(({ id }) => id),
      prompt,
      boxes,
      proposal,
      signal: signal ?? never,
      deadlineMs: deadlineMs - (performance.now() - startedMs),
    });
    const answered = { ...identity, ...told.model };
    const calibration = calibrationFor(ready, answered.version);
    const recognizer = this.#identityOf(answered, ready, told.proposedBy);
    const judged = [...told.labels, { label: UNKNOWN_LABEL, ...told.unknown }]
      .filter(({ score }) => score === undefined)
      .map(({ label }) => label);
    return {
      labels: told.labels.map((said) => ({
        label: said.label,
        score: calibratedScore(said, said.label, calibration),
        raw: said.raw,
        ...(said.box && { box: said.box }),
      })),
      unknown: calibratedScore(told.unknown, UNKNOWN_LABEL, calibration),
      ...(told.modelMs !== undefined && { modelMs: told.modelMs }),
      version: recognizer.version,
      recognizer,
      callMs: performance.now() - startedMs,
      reading: told.reading,
      ranked: told.ranked,
      judged,
      proposedBy: told.proposedBy,
      promptVersion: prompt.version,
      scene: prompt.scene,
    };
  }

  /** Finds out how to ask a model, and asks once: the first answer of a server is slow, and no frame may wait for it. */
  async #prepare(found: FoundModel, signal: AbortSignal): Promise<void> {
    const { contract, identity } = found;
    const key = `${contract} ${identity.version}`;
    if (this.#ready?.key === key && this.#watch.report.state === "ready") return;
    const { client, show, understudy, log, references = MOST_REFERENCES } = this.#options;
    const { ask, adapter } = this.#config;
    const sees = identity.rung !== "understudy";
    const asker = await openAsker(
      found,
      {
        client,
        watch: this.#watch,
        show,
        profile: this.#profile,
        ask,
        adapter,
        understudy,
        references: Math.min(references, MOST_REFERENCES),
        log,
      },
      signal,
    );
    const ready = {
      key,
      version: identity.version,
      asker,
      sees,
      contract,
      calibratedByServer: isCalibrated(found, this.#config.adapter),
      calibration: await this.#readCalibration(found),
    };
    if (sees) {
      const call = { signal, deadlineMs: WARM_UP_DEADLINE_MS };
      await this.#warmUp(ready, identity, call);
    }
    this.#ready = ready;
  }

  async #warmUp(ready: Ready, identity: ModelIdentity, call: CallOptions): Promise<void> {
    const jpeg = await sharp({ create: { width: 640, height: 360, channels: 3, background: "#808080" } })
      .jpeg()
      .toBuffer();
    try {
      await this.#ask(ready, { jpeg, proposal: this.#anyProposal(), ...call }, identity);
    } catch (error) {
      // Nobody is to be seen in it: what the model makes of that does not matter, only that it answers.
      if (InferenceError.from(error).reason !== "malformed-answer") throw error;
    }
  }

  /** So that the warm-up needs no understudy, which may be starting, too. */
  #anyProposal(): NonNullable<Asked["proposal"]> {
    return {
      labels: this.#options.show.cast.map(({ id }) => ({ label: id, score: 0.5, raw: 0 })),
      unknown: 0,
    };
  }

  async #readCalibration(found: FoundModel): Promise<Calibration | undefined> {
    const { calibration } = this.#options;
    if (isCalibrated(found, this.#config.adapter)) return undefined;
    if (calibration !== undefined) return calibration ?? undefined;
    try {
      return await this.#calibrations.choose(this.#conditions(found.identity.version));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new InferenceError("unsupported-model", error.message, { cause: error });
    }
  }

  async #lookForCalibrations(): Promise<void> {
    const { log, onReport, calibration } = this.#options;
    const ready = this.#ready;
    if (!ready?.sees || ready.calibratedByServer || calibration !== undefined) return;
    const waiting = await this.#calibrations.waiting(this.#conditions(ready.version));
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    if (waiting !== undefined) log?.warn({ model: this.#config.model, detail: waiting }, "calibration");
    onReport?.(this.report);
  }

  #conditions(model: string): CalibrationWanted {
    const { ask, adapter = null, maxPixels } = this.#config;
    return { model, prompt: this.#prompts.version, ask, adapter, maxPixels };
  }

  #identityOf(
    identity: ModelIdentity,
    ready: Ready | undefined = this.#ready,
    proposedBy: string | undefined = ready?.asker.proposedBy,
  ): ModelIdentity {
    if (!ready?.sees) return identity;
    return identityAsAsked(identity, {
      conditions: this.#conditions(identity.version),
      family: this.#config.family,
      shown: ready.asker.version,
      calibration: calibrationFor(ready, identity.version),
      proposedBy,
    });
  }

  #reportOf(report: ModelReport): ModelReport {
    if (!report.identity) return report;
    const identity = this.#identityOf(report.identity);
    if (report.state !== "ready") return { ...report, identity };
    const detail = [`${identity.name} ${identity.version}`, ...(this.#waiting ? [this.#waiting] : [])].join(
      "; ",
    );
    return { ...report, identity, detail };
  }

  #noted(failure: InferenceError): InferenceError {
    if (failure.reason === "malformed-answer") this.#count("unreadable");
    this.#watch.noted(failure);
    return failure;
  }

  #count(reading: ReadingOrNot): void {
    this.#readings.set(reading, (this.#readings.get(reading) ?? 0) + 1);
    this.#options.onReading?.(reading);
  }
}

/** Begins to look for the model of a show, which need not be there yet: see `waitUntilReady`. */
export async function openVisionRecognizer(options: VisionRecognizerOptions): Promise<VisionRecognizer> {
  const recognizer = new VisionRecognizer(options);
  recognizer.start();
  return recognizer;
}

/** A model that was exchanged a moment ago answers already, and what was fitted on the former one says nothing of it. */
function calibrationFor({ version, calibration }: Ready, answered: string): Calibration | undefined {
  return version === answered ? calibration : undefined;
}

const never = new AbortController().signal;
