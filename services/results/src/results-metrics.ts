import type { Metrics } from "@followspot/runtime";
import type { Event } from "@followspot/schema/followspot/v1/event";
import type { RefusalReason, SkipReason } from "./fan-out/drops.ts";

/** What the results service counts. */
export function resultsMetrics(metrics: Metrics, nowMs: () => number) {
  const appended = metrics.counter(
    "events_appended_total",
    "Events appended to the durable stream by this replica",
  );
  const observed = metrics.counter("observations_received_total", "Observations that reached this replica");
  const fanOut = metrics.latency(
    "fan_out_seconds",
    "From an event's appending to its sending to all subscribers",
  );
  const skipped = metrics.counter("messages_skipped_total", "Messages not sent to a subscriber", ["reason"]);
  const refused = metrics.counter("subscribers_refused_total", "Subscribers not let in or sent away", [
    "reason",
  ]);
  const started = metrics.counter("subscribers_started_total", "Subscriptions, by how they began", [
    "outcome",
  ]);
  const subscribers = metrics.gauge("subscribers", "Subscribers now");
  return {
    onSize: (size: number) => subscribers.set(size),
    onAppended: (events: number) => appended.inc(events),
    onObserved: () => observed.inc(),
    onFannedOut: (event: Event) => fanOut.observe(Math.max(0, nowMs() - event.recordedAtMs) / 1_000),
    onSkipped: (reason: SkipReason) => skipped.inc({ reason }),
    onEnded: (reason: RefusalReason) => refused.inc({ reason }),
    onRefused: (reason: RefusalReason) => refused.inc({ reason }),
    onResumed: (outcome: "resumed" | "snapshot") => started.inc({ outcome }),
  };
}
