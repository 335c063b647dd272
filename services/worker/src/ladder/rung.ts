import type { Logger, NowMs } from "@followspot/runtime";
import {
  InferenceError,
  type InferenceErrorReason,
  type ModelReport,
  type Recognition,
} from "@followspot/triton";
import {
  BREAKER,
  type Breaker,
  type BreakerPhase,
  type BreakerSettings,
  type Happening,
  newBreaker,
  nextBreaker,
} from "./breaker.ts";
import type { ModelRung, RungQuestion, RungRecognizer } from "./model-rung.ts";

/** Why a rung in force was given up. `silent`: its server did not answer when it was looked at. */
export type FallReason = InferenceErrorReason | "silent";

export interface RungOptions {
  readonly rung: ModelRung;
  readonly recognizer: RungRecognizer;
  /** What it has a right to; a slower answer is a miss. */
  readonly deadlineMs: number;
  readonly settings?: Partial<BreakerSettings>;
  /** The ladder's clock. */
  readonly nowMs: NowMs;
  readonly log?: Logger | undefined;
  /** Told of every change of the breaker's phase. */
  readonly onPhase?: (phase: BreakerPhase) => void;
  readonly onFall?: (reason: FallReason) => void;
}

/** Who is not there, as opposed to who is there and does badly. */
const GONE: ReadonlySet<InferenceErrorReason> = new Set([
  "unavailable",
  "model-unavailable",
  "unsupported-model",
  "unauthorized",
  "canceled",
]);
/** For a recognizer that does not heed its deadline: its own comes first, as its client then looks whether the connection is alive. */
const GRACE_MS = 25;
/** How quickly a long time is forgotten, a share each answer. */
const FORGET = 0.02;

/** A question that is on the way to the recognizer. */
interface Asking {
  readonly call: AbortController;
  /** Its frame is with the next rung already, and only the rung's health hangs on its answer. */
  overdue: boolean;
}

/** One model of the ladder: its health, its breaker, and the questions that are on the way to it. */
export class LadderRung {
  readonly rung: ModelRung;
  readonly deadlineMs: number;
  readonly falls: Partial<Record<FallReason, number>> = {};
  readonly #options: RungOptions;
  readonly #settings: BreakerSettings;
  readonly #asking = new Set<Asking>();
  #breaker: Breaker;
  #trial: Promise<void> | undefined;
  #slowestMs = 0;
  #askedAtMs: number;
  #closed = false;

  constructor(options: RungOptions) {
    this.#options = options;
    this.rung = options.rung;
    this.deadlineMs = options.deadlineMs;
    this.#settings = { ...BREAKER, ...options.settings };
    this.#askedAtMs = options.nowMs();
    this.#breaker = newBreaker(this.#askedAtMs);
  }

  get phase(): BreakerPhase {
    return this.#breaker.phase;
  }

  get sinceMs(): number {
    return this.#breaker.sinceMs;
  }

  /** What is known of the model; one that says to be another rung is of no use here. */
  get report(): ModelReport {
    const { recognizer, rung } = this.#options;
    const { report } = recognizer;
    if (!report.identity || report.identity.rung === rung) return report;
    const { name, rung: said } = report.identity;
    return {
      state: "unusable",
      reason: "unsupported-model",
      detail: `model "${name}" says that it is ${said}, and the ladder has it as ${rung}`,
    };
  }

  get ready(): boolean {
    return this.report.state === "ready";
  }

  /** Whether it is in force as far as it goes. */
  get stands(): boolean {
    return this.phase === "closed" && this.ready;
  }

  /** About as long as it took at the worst lately; 0 before the first answer. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** How long nobody has asked it. */
  get idleMs(): number {
    return this.#options.nowMs() - this.#askedAtMs;
  }

  /** Something about the model has changed. */
  reported(): void {
    const { report } = this;
    if (report.state === "ready") return;
    // A deadline here is that of the look: a frame's own is another story.
    const reason = report.reason === "deadline-exceeded" ? "silent" : reasonOf(report);
    this.#fell("gone", { reason, detail: report.detail });
  }

  /**
   * Asks it. The frame is given back after `limitMs`, or as soon as the rung falls, whatever the recognizer does.
   *
   * The model always has its whole deadline. Where the frame has less, because it was old already, the question goes on
   * without it: a server that hangs is found out after one deadline, however old the frames are, and one that is well is
   * not taken to hang for a frame's age.
   * @throws InferenceError
   */
  async ask(
    question: RungQuestion,
    { signal, limitMs }: { readonly signal: AbortSignal; readonly limitMs: number },
  ): Promise<Recognition> {
    this.#requireReady();
    if (signal.aborted) throw InferenceError.from(signal.reason);
    if (this.phase === "open") this.#happened("trial");
    this.#askedAtMs = this.#options.nowMs();
    const asking = { call: new AbortController(), overdue: false };
    // Who gave up says nothing about the model.
    const giveUp = () => this.#withdraw(asking, signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      const answer = this.#call(question, asking, Math.max(limitMs, this.deadlineMs));
      return await (limitMs < this.deadlineMs ? this.#within(limitMs, asking, answer) : answer);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /**
   * Asks it where nobody else could be asked: with all the time that there is, and without a step between the question
   * and the recognizer, or between its answer and the frame.
   */
  askAlone(
    question: RungQuestion & { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<Recognition> {
    if (this.phase === "open") this.#happened("trial");
    const answer = this.#options.recognizer.recognize(question);
    answer.then(
      () => this.#happened("good"),
      (thrown: unknown) => {
        if (question.signal.aborted) return;
        const whole = question.deadlineMs >= this.deadlineMs;
        this.#failed(InferenceError.from(thrown), { whole, counted: false });
      },
    );
    return answer;
  }

  /** Shows it a frame that another rung answers, where it is on trial or was long idle: never more than one, never waited for. */
  tryBeside(question: RungQuestion, { idleMs }: { readonly idleMs: number }): void {
    if (this.#trial || this.#closed || !this.ready) return;
    if (this.phase === "closed" && this.idleMs < idleMs) return;
    this.#happened("trial");
    if (this.phase === "open") return;
    this.#trial = this.ask(question, { signal: never, limitMs: this.deadlineMs })
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        this.#trial = undefined;
      });
  }

  /** Gives up what is on the way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#giveBack("the worker stops");
    await this.#trial;
  }

  /** One question, and what its answer says about the model. @throws InferenceError */
  async #call(question: RungQuestion, asking: Asking, deadlineMs: number): Promise<Recognition> {
    const { recognizer } = this.#options;
    const { signal } = asking.call;
    const timer = setTimeout(() => asking.call.abort(this.#late(deadlineMs)), deadlineMs + GRACE_MS);
    this.#asking.add(asking);
    const startedMs = performance.now();
    try {
      const asked = recognizer.recognize({ ...question, signal, deadlineMs });
      const answer = await Promise.race([asked, whenAborted(signal)]);
      this.#requireReady();
      this.#slowestMs = Math.max(performance.now() - startedMs, this.#slowestMs * (1 - FORGET));
      if (this.#asking.has(asking) && !asking.overdue) this.#happened("good");
      return answer;
    } catch (thrown) {
      const error = InferenceError.from(thrown);
      // Those of a fallen rung have been counted with it.
      if (this.#asking.has(asking)) this.#failed(error, { whole: true, counted: asking.overdue });
      throw error;
    } finally {
      clearTimeout(timer);
      this.#asking.delete(asking);
    }
  }

  /** The answer, where it comes in the frame's time. @throws InferenceError */
  async #within(limitMs: number, asking: Asking, answer: Promise<Recognition>): Promise<Recognition> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(this.#late(limitMs));
      this.#ranOut(asking);
    }, limitMs);
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A frame's time is over, and there is no answer. */
  #ranOut(asking: Asking): void {
    if (!this.#asking.has(asking)) return;
    // One tells as much as many, and is asked longer already.
    if ([...this.#asking].some(({ overdue }) => overdue)) this.#withdraw(asking, this.#late(this.deadlineMs));
    else asking.overdue = true;
    this.#fell("bad", { reason: "deadline-exceeded", detail: `${this.rung} was too slow for old frames` });
  }

  #withdraw(asking: Asking, why: unknown): void {
    this.#asking.delete(asking);
    asking.call.abort(why);
  }

  #late(limitMs: number): InferenceError {
    return new InferenceError(
      "deadline-exceeded",
      `${this.rung} gave no answer within ${Math.round(limitMs)} ms`,
    );
  }

  #requireReady(): void {
    const { report } = this;
    if (report.state !== "ready") throw new InferenceError(reasonOf(report), report.detail);
  }

  /** @param whole it had all the time that it has a right to; `counted`: as a bad answer already */
  #failed(
    error: InferenceError,
    { whole, counted }: { readonly whole: boolean; readonly counted: boolean },
  ): void {
    const { reason, message: detail } = error;
    if (GONE.has(reason)) this.#fell("gone", { reason, detail });
    else if (reason === "deadline-exceeded" && whole) this.#fell("missed", { reason, detail });
    else if (!counted) this.#fell("bad", { reason, detail });
  }

  /** What may have been a fall. */
  #fell(
    happening: Happening,
    { reason, detail }: { readonly reason: FallReason; readonly detail: string },
  ): void {
    const before = this.phase;
    this.#happened(happening);
    if (before !== "closed" || this.phase !== "open") return;
    this.falls[reason] = (this.falls[reason] ?? 0) + 1;
    this.#options.log?.warn({ rung: this.rung, reason, detail }, "rung fell");
    this.#options.onFall?.(reason);
  }

  #happened(happening: Happening): void {
    const before = this.#breaker;
    this.#breaker = nextBreaker(before, happening, { atMs: this.#options.nowMs(), settings: this.#settings });
    if (this.#breaker.phase === before.phase) return;
    if (this.#breaker.phase === "open") this.#giveBack(`${this.rung} was given up`);
    if (this.#breaker.phase === "closed") this.#options.log?.info({ rung: this.rung }, "rung in force");
    this.#options.onPhase?.(this.#breaker.phase);
  }

  /** Frames that wait at a fallen rung need not run into its deadline one after the other. */
  #giveBack(why: string): void {
    const asking = [...this.#asking];
    this.#asking.clear();
    for (const { call } of asking) call.abort(new InferenceError("canceled", why));
  }
}

/** A model that is being prepared was not there a moment ago. */
function reasonOf({ state, reason }: ModelReport): InferenceErrorReason {
  return reason ?? (state === "unusable" ? "unsupported-model" : "model-unavailable");
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

const never = new AbortController().signal;
