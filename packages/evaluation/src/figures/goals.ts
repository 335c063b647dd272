import type { Goal, RecognizerReport } from "../evaluation-report.ts";
import type { Protocol } from "../exam/folds.ts";

/** What a recognizer of a show should reach, by the way that it is tested. */
const TOP1_GOALS: Readonly<Record<Protocol, number>> = {
  "leave-one-scene-out": 0.95,
  "leave-one-out": 0.92,
  split: 0.95,
};
const AUROC_GOAL = 0.95;
const ECE_GOAL = 0.1;
const FRAME_P95_GOAL_MS = 40;

export function goalsOf(
  report: Pick<
    RecognizerReport,
    "accuracy" | "openSet" | "calibration" | "controls" | "latencyMs" | "recognizer"
  >,
  protocol: Protocol,
): Goal[] {
  const { accuracy, openSet, calibration, controls, latencyMs, recognizer } = report;
  const atLeast = (name: string, value: number | null, least: number): Goal => ({
    name,
    goal: `at least ${least}`,
    value,
    met: value === null ? null : value >= least,
  });
  const atMost = (name: string, value: number | null, most: number): Goal => ({
    name,
    goal: `at most ${most}`,
    value,
    met: value === null ? null : value <= most,
  });
  const goals = [
    atLeast("named right (top-1)", accuracy.top1, TOP1_GOALS[protocol]),
    atLeast("cast told from strangers (AUROC)", openSet?.auroc ?? null, AUROC_GOAL),
    atMost("calibration error (ECE)", calibration.ece, ECE_GOAL),
    backgroundGoal(controls),
  ];
  // The time of a large model on a GPU has other goals than that of the understudy on one core.
  if (recognizer.kind === "understudy") {
    goals.push(atMost("one look, p95 in ms", latencyMs?.p95 ?? null, FRAME_P95_GOAL_MS));
  }
  return goals;
}

/** The place alone must not give the puppet away: its 95 % interval has to reach down to a blind guess. */
function backgroundGoal({ backgroundOnly, backgroundInterval, random }: RecognizerReport["controls"]): Goal {
  return {
    name: "named from the background alone",
    goal: `not above chance${random === null ? "" : ` (${random.toFixed(2)}) by more than the pictures can tell`}`,
    value: backgroundOnly,
    met: backgroundInterval === null || random === null ? null : backgroundInterval[0] <= random,
  };
}
