import type { FramePosition } from "@followspot/domain";
import type { Closable, NowMs } from "@followspot/runtime";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import { InferenceError, type InferenceErrorReason, type Recognition } from "@followspot/triton";
import { CameraQuestions } from "./camera-questions.ts";
import { type Cascade, type CascadeReason, mergeAnswers } from "./cascade.ts";
import type { ModelRung, RungQuestion } from "./model-rung.ts";
import type { LadderRung } from "./rung.ts";
import { nextStanding, type Standing } from "./standing.ts";
import { Unanswered } from "./unanswered.ts";

export interface LadderQuestion extends RungQuestion {
  readonly cameraId: string;
  /** Where the frame stands among those of its camera. */
  readonly frame: FramePosition;
  readonly signal: AbortSignal;
  /** What is left of the frame's time. */
  readonly deadlineMs: number;
}

/**
 * What became of a frame that the cascade would ask about. `busy`: the model had as many questions as it works on.
 * `no-time`: too little of the frame's time was left.
 */
export type CascadeOutcome = "merged" | "unanswered" | "busy" | "no-time";

export interface LadderOptions {
  /** Best first, one or two. */
  readonly rungs: readonly LadderRung[];
  /** Where it is there, the understudy answers every frame. */
  readonly cascade?: Cascade | undefined;
  /** The scene that is played now. */
  readonly scene?: () => CurrentScene | undefined;
  /** Undefined where the ladder does not end with a person. */
  readonly manualAfterMs?: number | undefined;
  /** A clock that never jumps: what stands since when is told by it. */
  readonly nowMs: NowMs;
  /** Told of each change of the rung in force. */
  readonly onStanding?: (standing: Standing) => void;
  /** A frame goes to the next rung. */
  readonly onHandedDown?: (from: ModelRung, reason: HandDownReason) => void;
  readonly onCascade?: (reason: CascadeReason, outcome: CascadeOutcome) => void;
  /** `held` has changed. */
  readonly onHeld?: () => void;
}

/** `no-time`: what was left of the frame's time belongs to the next rung. `outdated`: the scene changed meanwhile. */
export type HandDownReason = InferenceErrorReason | "no-time" | "outdated";

/** Frames unanswered for so long, and nobody counts as answering. */
const HOLD_AFTER_MS = 500;
/** Nobody has asked for so long: who stands by is looked at with a frame, so that a fall does not find him dead. */
const IDLE_MS = 5_000;
/** What a rung is left with that has not answered yet, and the least in any case. */
const UNKNOWN_ANSWER_MS = 150;
const LEAST_ANSWER_MS = 40;
/** Slower than lately is no reason to have no answer. */
const MARGIN = 1.5;
/** For the observation's way out. */
const PUBLISH_MS = 20;

/**
 * The ladder of recognition. A frame goes to the best rung in force; where that one fails or takes too long, the next one
 * answers the same frame in the time that was kept for it. A rung that is not in force is shown frames beside, until it
 * has proven itself: see `Breaker`. With a cascade the understudy comes first, and the best is asked about what is worth it.
 */
export class Ladder implements Closable {
  readonly #options: LadderOptions;
  readonly #questions: CameraQuestions;
  /** In the order in which they are asked. */
  readonly #rungs: readonly LadderRung[];
  #standing: Standing;
  /** The first frame that had no answer, and the last: time in which nobody asks says nothing. */
  #unanswered: { readonly firstMs: number; readonly lastMs: number } | undefined;

  constructor(options: LadderOptions) {
    this.#options = options;
    this.#questions = new CameraQuestions(options.onHeld);
    // The cascade asks the understudy first, and the best only where it is worth it.
    this.#rungs = options.cascade ? options.rungs.toReversed() : options.rungs;
    this.#standing = { rung: "hold", sinceMs: options.nowMs() };
  }

  /** By the clock that `standing` and the rungs tell the time with. */
  get nowMs(): number {
    return this.#options.nowMs();
  }

  /** Best first. */
  get rungs(): readonly LadderRung[] {
    return this.#options.rungs;
  }

  /** Which rung is in force now. */
  get standing(): Standing {
    const { nowMs, manualAfterMs, onStanding } = this.#options;
    const before = this.#standing;
    const input = {
      model: this.answering?.rung,
      unansweredForMs: this.#unanswered && this.#unanswered.lastMs - this.#unanswered.firstMs,
      atMs: nowMs(),
    };
    this.#standing = nextStanding(before, input, { holdAfterMs: HOLD_AFTER_MS, manualAfterMs });
    if (this.#standing.rung !== before.rung) onStanding?.(this.#standing);
    return this.#standing;
  }

  /** Who answers the next frame, as far as one can know. */
  get answering(): LadderRung | undefined {
    return this.#order()[0];
  }

  /** Frames that have the understudy's answer and are asked about, or wait for that: they take no place there. */
  get held(): number {
    return this.#questions.held;
  }

  /** @throws InferenceError where no rung answers; Unanswered */
  recognize(question: LadderQuestion): Promise<Recognition> {
    const [alone, another] = this.#rungs;
    if (!alone) throw new Error("a ladder needs a rung");
    // Nothing depends on the scene here but a language model's answer.
    const simple = !another && alone.rung === "understudy" && alone.ready;
    const answer = simple ? alone.askAlone(question) : this.#climb(question);
    answer.then(
      () => this.#noted(undefined),
      (error: unknown) => {
        if (!question.signal.aborted && !(error instanceof Unanswered)) this.#noted(this.#options.nowMs());
      },
    );
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all(this.#rungs.map((rung) => rung.close()));
  }

  #noted(unansweredAtMs: number | undefined): void {
    this.#unanswered =
      unansweredAtMs === undefined
        ? undefined
        : { firstMs: this.#unanswered?.firstMs ?? unansweredAtMs, lastMs: unansweredAtMs };
    void this.standing;
  }

  async #climb(question: LadderQuestion): Promise<Recognition> {
    const startedMs = performance.now();
    const leftMs = () => question.deadlineMs - PUBLISH_MS - (performance.now() - startedMs);
    const [first] = this.#rungs;
    const order = this.#order();
    if (this.#options.cascade && first?.stands) return this.#askCascade(question, first, leftMs);
    for (const rung of this.#rungs) {
      if (rung !== order[0]) rung.tryBeside(this.#withScene(question), { idleMs: IDLE_MS });
    }
    return this.#askInTurn(question, order, leftMs);
  }

  async #askInTurn(
    question: LadderQuestion,
    order: readonly LadderRung[],
    leftMs: () => number,
  ): Promise<Recognition> {
    const { signal } = question;
    const { onHandedDown } = this.#options;
    let failure: unknown;
    for (const [place, rung] of order.entries()) {
      const next = order[place + 1];
      const limitMs = next ? Math.min(rung.deadlineMs, leftMs() - keptFor(next)) : leftMs();
      if (limitMs < (next ? leastMs(rung) : 1)) {
        failure ??= tooLate(rung);
        if (next) {
          onHandedDown?.(rung.rung, "no-time");
          // Otherwise nobody would find out that it is dead, or has become quicker.
          rung.tryBeside(this.#withScene(question), { idleMs: IDLE_MS });
        }
        continue;
      }
      try {
        return await this.#ask(rung, question, limitMs);
      } catch (error) {
        if (signal.aborted) throw error;
        failure = error;
        const reason = error instanceof Unanswered ? "outdated" : InferenceError.from(error).reason;
        if (next) onHandedDown?.(rung.rung, reason);
      }
    }
    throw failure ?? this.#nobody();
  }

  /** The understudy answers; the best is asked besides where that is worth it, and where it answers in time its answer counts. */
  async #askCascade(
    question: LadderQuestion,
    understudy: LadderRung,
    leftMs: () => number,
  ): Promise<Recognition> {
    const { cascade, nowMs } = this.#options;
    const { cameraId, signal } = question;
    const [best] = this.rungs;
    const limitMs = Math.min(understudy.deadlineMs, leftMs());
    // The frame's age is not the understudy's fault.
    if (limitMs < 1) throw tooLate(understudy);
    let quick: Recognition;
    try {
      quick = await this.#ask(understudy, question, limitMs);
    } catch (error) {
      if (signal.aborted) throw error;
      const others = this.#order().filter((rung) => rung !== understudy);
      if (others.length === 0) throw error;
      this.#options.onHandedDown?.(understudy.rung, InferenceError.from(error).reason);
      return this.#askInTurn(question, others, leftMs);
    }
    if (!cascade || !best || best === understudy) return quick;
    cascade.saw(cameraId, quick, nowMs());
    const turn = await this.#questions.take(question, () =>
      this.#questionFor(quick, { question, best, leftMs }),
    );
    if (turn === "superseded") throw new Unanswered("superseded");
    return turn === "nothing-asked" || !turn.said ? quick : mergeAnswers(quick, turn.said);
  }

  /** What to ask the best about a frame that has its quick answer, where it is worth it and there is a place for it. */
  #questionFor(
    quick: Recognition,
    {
      question,
      best,
      leftMs,
    }: { readonly question: LadderQuestion; readonly best: LadderRung; readonly leftMs: () => number },
  ): (() => Promise<Recognition | undefined>) | undefined {
    const { cascade, nowMs, onCascade } = this.#options;
    const { cameraId } = question;
    const atMs = nowMs();
    const reason = cascade?.reasonToAsk(cameraId, quick, atMs);
    if (!cascade || !reason) return undefined;
    const proposing = { ...question, proposal: quick };
    if (!best.stands) {
      best.tryBeside(this.#withScene(proposing), { idleMs: IDLE_MS });
      return undefined;
    }
    const limitMs = Math.min(best.deadlineMs, leftMs());
    if (limitMs < leastMs(best)) {
      onCascade?.(reason, "no-time");
      best.tryBeside(this.#withScene(proposing), { idleMs: IDLE_MS });
      return undefined;
    }
    const free = (best.report.identity?.instances ?? 1) - this.#questions.size;
    // Who only wants to be sure leaves the last places to those who wait with an entrance.
    if (free <= (reason === "entered" ? 0 : cascade.turnedAwayLately(atMs))) {
      if (reason === "entered") cascade.turnedAway(cameraId, atMs);
      onCascade?.(reason, "busy");
      return undefined;
    }
    const unanswered = cascade.asked(cameraId, atMs);
    return async () => {
      try {
        const slow = await this.#ask(best, proposing, limitMs);
        onCascade?.(reason, "merged");
        return slow;
      } catch (error) {
        unanswered();
        if (question.signal.aborted) throw error;
        onCascade?.(reason, "unanswered");
        return undefined;
      }
    };
  }

  /** @throws InferenceError; Unanswered where a language model answered about another scene than is played now */
  async #ask(rung: LadderRung, question: LadderQuestion, limitMs: number): Promise<Recognition> {
    const told = this.#options.scene?.();
    const answer = await rung.ask(this.#withScene(question), { signal: question.signal, limitMs });
    if (rung.rung === "qwen2-vl" && this.#options.scene?.()?.version !== told?.version) {
      throw new Unanswered("outdated");
    }
    return answer;
  }

  /** Those in force first. Of the others whoever is there is better than nobody: the quick one before the good one. */
  #order(): readonly LadderRung[] {
    const stands = this.#rungs.filter((rung) => rung.stands);
    const others = this.rungs.filter((rung) => !rung.stands && rung.ready).toReversed();
    return [...stands, ...others];
  }

  #withScene(question: RungQuestion): RungQuestion {
    const { jpeg, labels, proposal } = question;
    const scene = this.#options.scene?.()?.id;
    return { jpeg, labels, ...(proposal && { proposal }), ...(scene && { scene }) };
  }

  #nobody(): InferenceError {
    return new InferenceError("unavailable", this.rungs.map(({ report }) => report.detail).join("; "));
  }
}

/** Time that a rung must still have when the one before it has failed. */
function keptFor(rung: LadderRung): number {
  if (rung.slowestMs === 0) return UNKNOWN_ANSWER_MS;
  return Math.max(LEAST_ANSWER_MS, rung.slowestMs * MARGIN);
}

/** With less time than it takes at the best there is no use in asking. */
function leastMs(rung: LadderRung): number {
  return Math.min(rung.deadlineMs, Math.max(LEAST_ANSWER_MS, rung.slowestMs / 2));
}

function tooLate({ rung }: LadderRung): InferenceError {
  return new InferenceError("deadline-exceeded", `${rung} was not asked: too little time was left`);
}
