import { KEEP_REASONS, type KeepReason, NOT_KEPT_REASONS, type NotKeptReason } from "@followspot/review/keep";
import type { Metrics } from "@followspot/runtime";

/** Counts which frames are kept for review after the show, and why others that were worth it are not. */
export function reviewCounters(metrics: Metrics): {
  readonly onKept: (reason: KeepReason) => void;
  readonly onNotKept: (reason: NotKeptReason) => void;
} {
  const kept = metrics.counter("review_frames_kept_total", "Frames kept for review after the show", [
    "reason",
  ]);
  const notKept = metrics.counter(
    "review_frames_not_kept_total",
    "Frames worth a review that were not kept",
    ["reason"],
  );
  for (const reason of KEEP_REASONS) kept.inc({ reason }, 0);
  for (const reason of NOT_KEPT_REASONS) notKept.inc({ reason }, 0);
  return { onKept: (reason) => kept.inc({ reason }), onNotKept: (reason) => notKept.inc({ reason }) };
}
