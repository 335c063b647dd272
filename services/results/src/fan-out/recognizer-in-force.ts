import { RUNGS, type Rung } from "@followspot/domain";
import type { Recognizer, WorkerStatus } from "@followspot/schema/followspot/v1/observation";

/** What an older report says may not be so any more. */
const REPORT_AGE_MS = 5_000;
const MODELS: readonly Rung[] = ["qwen2-vl", "understudy"];

/**
 * The rung in force of all workers together: the lowest of those that answer, since that is what may be counted on; where
 * none answers, the highest of the others. Undefined where no worker says anything.
 */
export function recognizerInForce(workers: readonly WorkerStatus[], nowMs: number): Recognizer | undefined {
  const inForce = workers
    .filter(({ state, reportedAtMs }) => state !== "stopping" && nowMs - reportedAtMs < REPORT_AGE_MS)
    .flatMap((worker) => worker.inForce ?? [])
    .flatMap((recognizer) => {
      const rung = RUNGS.find((known) => known === recognizer.rung);
      return rung ? [{ recognizer, rung, place: RUNGS.indexOf(rung) }] : [];
    })
    .toSorted((a, b) => a.place - b.place);
  const answering = inForce.filter(({ rung }) => MODELS.includes(rung));
  return (answering.at(-1) ?? inForce[0])?.recognizer;
}
