import { RUNGS } from "@followspot/domain";
import type { Metrics } from "@followspot/runtime";
import { INFERENCE_ERROR_REASONS } from "@followspot/triton";
import { READINGS, type ReadingOrNot } from "@followspot/vision-language";
import type { BreakerPhase } from "./breaker.ts";
import { CASCADE_REASONS, type CascadeReason } from "./cascade.ts";
import type { CascadeOutcome, HandDownReason } from "./ladder.ts";
import type { ModelRung } from "./model-rung.ts";
import type { FallReason, LadderRung } from "./rung.ts";
import type { Standing } from "./standing.ts";

const PHASES: readonly BreakerPhase[] = ["closed", "open", "half-open", "warming-up"];
const FALL_REASONS: readonly FallReason[] = [...INFERENCE_ERROR_REASONS, "silent"];
const MODEL_RUNGS: readonly ModelRung[] = ["qwen2-vl", "understudy"];
const CASCADE_OUTCOMES: readonly CascadeOutcome[] = ["merged", "unanswered", "busy", "no-time"];

export type LadderMetrics = ReturnType<typeof ladderMetrics>;

/** What the ladder counts. */
export function ladderMetrics(metrics: Metrics) {
  const inForce = metrics.gauge("rung_in_force", "1 for the rung in force, 0 for the others", ["rung"]);
  const transitions = metrics.counter(
    "rung_transitions_total",
    "Changes of the rung in force, by the new one",
    ["rung"],
  );
  const breaker = metrics.gauge(
    "breaker_state",
    "1 for the state that a rung's breaker is in, 0 for the others",
    ["rung", "state"],
  );
  const falls = metrics.counter("rung_falls_total", "Times that a rung in force was given up", [
    "rung",
    "reason",
  ]);
  const handedDown = metrics.counter(
    "frames_handed_down_total",
    "Frames that a rung could not answer and the next one was asked about",
    ["rung", "reason"],
  );
  const cascade = metrics.counter(
    "cascade_questions_total",
    "Frames that the understudy's answer was not enough for, by why and by what came of it",
    ["reason", "outcome"],
  );
  const read = metrics.counter(
    "answers_read_total",
    "Answers of the vision-language model, by how they were understood; unreadable ones decide nothing",
    ["reading"],
  );
  for (const reading of [...READINGS, "unreadable"] satisfies ReadingOrNot[]) read.inc({ reading }, 0);
  for (const reason of CASCADE_REASONS)
    for (const outcome of CASCADE_OUTCOMES) cascade.inc({ reason, outcome }, 0);
  // The first fall of a show is the one that must be seen: a rate over a counter that was absent misses it.
  for (const rung of MODEL_RUNGS) for (const reason of FALL_REASONS) falls.inc({ rung, reason }, 0);
  for (const rung of RUNGS) {
    inForce.set({ rung }, rung === "hold" ? 1 : 0);
    transitions.inc({ rung }, 0);
  }
  return {
    onStanding: ({ rung }: Standing) => {
      for (const one of RUNGS) inForce.set({ rung: one }, one === rung ? 1 : 0);
      transitions.inc({ rung });
    },
    onPhase: ({ rung, phase }: LadderRung) => {
      for (const state of PHASES) breaker.set({ rung, state }, state === phase ? 1 : 0);
    },
    onFall: (rung: ModelRung, reason: FallReason) => falls.inc({ rung, reason }),
    onHandedDown: (rung: ModelRung, reason: HandDownReason) => handedDown.inc({ rung, reason }),
    onReading: (reading: ReadingOrNot) => read.inc({ reading }),
    onCascade: (reason: CascadeReason, outcome: CascadeOutcome) => cascade.inc({ reason, outcome }),
  };
}
