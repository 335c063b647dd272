/** Whether a rung is asked, on trial, or left alone. */
export type BreakerPhase = "closed" | "open" | "half-open" | "warming-up";

/** Plain data; each happening makes the next one of it. */
export interface Breaker {
  readonly phase: BreakerPhase;
  readonly sinceMs: number;
  /** Bad answers in a row while closed, good ones while warming up. */
  readonly inARow: number;
  /** Falls since the rung was last calm: they make the warm-up longer. */
  readonly unrest: number;
  /** Trials that failed since the last fall: they make the pause longer. */
  readonly failedTrials: number;
  /** While open: no trial before. */
  readonly pausedUntilMs: number;
}

/**
 * What a rung's answers and its watch tell.
 * - `good`: an answer within the deadline.
 * - `bad`: a fast failure, an answer that breaks the contract, or none within a shorter time than the rung has a right to.
 * - `missed`: no answer within the deadline.
 * - `gone`: the server or the model is not there.
 * - `trial`: a frame could be shown to it beside another rung.
 */
export type Happening = "good" | "bad" | "missed" | "gone" | "trial";

export interface BreakerSettings {
  /** Bad answers in a row that are too many. */
  readonly badInARow: number;
  /** Good answers in a row before it is in force again, after the first fall; twice as many after each that follows soon. */
  readonly warmUpAnswers: number;
  readonly mostWarmUpAnswers: number;
  /** Before the first trial after a fall; twice as long after each failed one. */
  readonly pauseMs: number;
  readonly mostPauseMs: number;
  /** Closed for so long, a rung has proven itself, and earlier falls are forgotten. */
  readonly calmMs: number;
}

export const BREAKER: BreakerSettings = {
  badInARow: 3,
  warmUpAnswers: 3,
  mostWarmUpAnswers: 48,
  pauseMs: 250,
  mostPauseMs: 2_000,
  calmMs: 15_000,
};

/** Nobody knows yet: the rung is on trial, and one failure costs no frame anything. */
export function newBreaker(atMs: number): Breaker {
  return { phase: "half-open", sinceMs: atMs, inARow: 0, unrest: 0, failedTrials: 0, pausedUntilMs: atMs };
}

/**
 *     closed      --missed, gone, or too many bad in a row--> open
 *     open        --a frame to try with, after the pause-----> half-open
 *     half-open   --good--> warming-up, or closed where one good answer is enough
 *     warming-up  --enough good in a row--> closed
 *     half-open, warming-up --bad or missed--> open, for longer; --gone--> open
 *
 * A rung that is open hears nothing of answers: they are to questions from before its fall. `gone` waits for no pause:
 * whoever is not there is not asked anyway, and may be tried as soon as he is back.
 */
export function nextBreaker(
  breaker: Breaker,
  happening: Happening,
  { atMs, settings = BREAKER }: { readonly atMs: number; readonly settings?: BreakerSettings },
): Breaker {
  const enter = (phase: BreakerPhase, changes: Partial<Breaker> = {}): Breaker => ({
    ...breaker,
    phase,
    sinceMs: atMs,
    inARow: 0,
    ...changes,
  });
  const fall = (): Breaker => {
    const calm = atMs - breaker.sinceMs >= settings.calmMs;
    const unrest = calm ? 1 : breaker.unrest + 1;
    return enter("open", { unrest, failedTrials: 0, pausedUntilMs: atMs + settings.pauseMs });
  };
  const failTrial = (): Breaker => {
    const failedTrials = breaker.failedTrials + 1;
    const pauseMs = Math.min(settings.mostPauseMs, settings.pauseMs * 2 ** failedTrials);
    return enter("open", { failedTrials, pausedUntilMs: atMs + pauseMs });
  };
  switch (breaker.phase) {
    case "closed":
      if (happening === "good") return breaker.inARow === 0 ? breaker : { ...breaker, inARow: 0 };
      if (happening === "gone") return { ...fall(), pausedUntilMs: atMs };
      if (happening === "missed") return fall();
      if (happening !== "bad") return breaker;
      return breaker.inARow + 1 >= settings.badInARow ? fall() : { ...breaker, inARow: breaker.inARow + 1 };
    case "open":
      if (happening === "gone") return { ...breaker, pausedUntilMs: atMs };
      return happening === "trial" && atMs >= breaker.pausedUntilMs ? enter("half-open") : breaker;
    case "half-open":
    case "warming-up":
      if (happening === "gone") return enter("open", { pausedUntilMs: atMs });
      if (happening === "trial") return breaker;
      if (happening !== "good") return failTrial();
      if (breaker.inARow + 1 >= warmUpAnswers(breaker, settings)) return enter("closed");
      if (breaker.phase === "half-open") return enter("warming-up", { inARow: 1 });
      return { ...breaker, inARow: breaker.inARow + 1 };
  }
}

/** How many good answers in a row are needed now. */
export function warmUpAnswers({ unrest }: Breaker, settings: BreakerSettings = BREAKER): number {
  return Math.min(settings.mostWarmUpAnswers, settings.warmUpAnswers * 2 ** Math.max(0, unrest - 1));
}
