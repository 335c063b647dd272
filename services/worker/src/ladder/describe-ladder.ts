import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { NowMs } from "@followspot/runtime";
import type { WorkerStatusSchema } from "@followspot/schema/followspot/v1/observation";
import { RecognizerSchema, RungStatusSchema } from "@followspot/schema/followspot/v1/observation";
import type { Ladder } from "./ladder.ts";

type StatusOfLadder = Pick<
  Extract<MessageInitShape<typeof WorkerStatusSchema>, { $typeName?: never }>,
  "recognizer" | "state" | "detail" | "inForce" | "inForceSinceMs" | "ladder"
>;

/** What a worker says of its ladder: the rung in force, and how the models are. `nowMs` is the clock that all go by. */
export function describeLadder(ladder: Ladder, nowMs: NowMs): StatusOfLadder {
  const { rung, sinceMs } = ladder.standing;
  const byAllClocks = (ladderMs: number) => Math.round(nowMs() - (ladder.nowMs - ladderMs));
  const identity = ladder.rungs.find((one) => one.rung === rung)?.report.identity;
  const [best] = ladder.rungs;
  // Of those who do not answer, the best: it is missed most.
  const missed = best?.rung !== rung ? best : undefined;
  return {
    recognizer: identity ? `${identity.name} ${identity.version}` : "",
    state: identity ? "ready" : "waiting-for-recognizer",
    detail: missed?.report.detail ?? best?.report.detail ?? "",
    inForce: create(RecognizerSchema, {
      rung,
      name: identity?.name ?? "",
      version: identity?.version ?? "",
      accuracy: identity?.accuracy ?? 0,
    }),
    inForceSinceMs: byAllClocks(sinceMs),
    ladder: ladder.rungs.map((one) =>
      create(RungStatusSchema, {
        rung: one.rung,
        breaker: one.phase,
        sinceMs: byAllClocks(one.sinceMs),
        detail: one.report.detail,
        falls: { ...one.falls },
        accuracy: one.report.identity?.accuracy ?? 0,
      }),
    ),
  };
}
