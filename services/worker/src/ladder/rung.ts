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

export interface RungOptions {
  readonly rung: ModelRung;
  readonly recognizer: RungRecognizer;
  /** What it has a right to; a slower answer is a miss. */
  readonly deadlineMs: number;
  readonly settings?: Partial<BreakerSettings>;
  readonly nowMs: NowMs;
  readonly log?: Logger | undefined;
  /** Told of every change of the breaker's phase. */
  readonly onPhase?: (phase: BreakerPhase) => void;
  readonly onFall?: (reason: InferenceErrorReason) => void;
}

/** Who is not there, as opposed to who is there and does badly. */
const GONE: ReadonlySet<InferenceErrorReason> = new Set([
  "unavailable",
  "model-unavailable",
  "unsupported-model",
  "unauthorized",
  "canceled",
]);
/** For a recognizer that does not heed its deadline. */
const GRACE_MS = 25;
/** How quickly a long time is forgotten, a share each answer. */
const FORGET = 0.02;

/** One model of the ladder: its health, its breaker, and the questions that are on the way to it. */
export class LadderRung {
  readonly rung: ModelRung;
  readonly deadlineMs: number;
  readonly falls: Partial<Record<InferenceErrorReason, number>> = {};
  readonly #options: RungOptions;
  readonly #settings: BreakerSettings;
  readonly #asking = new Set<AbortController>();
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
    if (!this.ready) this.#fell("gone", reasonOf(this.report));
  }

  /**
   * Asks it. The frame is given back after `limitMs`, or as soon as the rung falls, whatever the recognizer does.
   * @throws InferenceError
   */
  async ask(
    question: RungQuestion,
    { signal, limitMs }: { readonly signal: AbortSignal; readonly limitMs: number },
  ): Promise<Recognition> {
    const { nowMs, recognizer } = this.#options;
    this.#requireReady();
    if (this.phase === "open") this.#happened("trial");
    this.#askedAtMs = nowMs();
    const onTheWay = new AbortController();
    const giveUp = () => onTheWay.abort(signal.reason);
    const late = new InferenceError(
      "deadline-exceeded",
      `${this.rung} gave no answer within ${Math.round(limitMs)} ms`,
    );
    // The recognizer's own deadline comes first: its client then looks whether the connection is alive.
    const timer = setTimeout(() => onTheWay.abort(late), limitMs + GRACE_MS);
    signal.addEventListener("abort", giveUp, { once: true });
    this.#asking.add(onTheWay);
    const startedMs = performance.now();
    try {
      signal.throwIfAborted();
      const asked = recognizer.recognize({ ...question, signal: onTheWay.signal, deadlineMs: limitMs });
      const answer = await Promise.race([asked, whenAborted(onTheWay.signal)]);
      this.#requireReady();
      this.#slowestMs = Math.max(performance.now() - startedMs, this.#slowestMs * (1 - FORGET));
      if (this.#asking.has(onTheWay)) this.#happened("good");
      return answer;
    } catch (thrown) {
      const error = InferenceError.from(thrown);
      // Those of a fallen rung have been counted with it, and who gave up says nothing about the model.
      if (this.#asking.has(onTheWay) && !signal.aborted) this.#failed(error, limitMs);
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
      this.#asking.delete(onTheWay);
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
        if (!question.signal.aborted) this.#failed(InferenceError.from(thrown), this.deadlineMs);
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

  #requireReady(): void {
    const { report } = this;
    if (report.state !== "ready") throw new InferenceError(reasonOf(report), report.detail);
  }

  #failed(error: InferenceError, limitMs: number): void {
    const { reason } = error;
    if (GONE.has(reason)) this.#fell("gone", reason);
    else if (reason !== "deadline-exceeded") this.#fell("bad", reason);
    // With less time than it has a right to it may be late without being ill.
    else this.#fell(limitMs >= this.deadlineMs ? "missed" : "bad", reason);
  }

  /** What may have been a fall. */
  #fell(happening: Happening, reason: InferenceErrorReason): void {
    const before = this.phase;
    this.#happened(happening);
    if (before !== "closed" || this.phase !== "open") return;
    this.falls[reason] = (this.falls[reason] ?? 0) + 1;
    this.#options.log?.warn({ rung: this.rung, reason }, "rung fell");
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
    for (const question of asking) question.abort(new InferenceError("canceled", why));
  }
}

function reasonOf({ state }: ModelReport): InferenceErrorReason {
  return state === "unusable" ? "unsupported-model" : "unavailable";
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

const never = new AbortController().signal;
