import { jainIndex, type Summary, summarize } from "../summary.ts";
import { FOLLOWSPOT_POLICY } from "./followspot-policy.ts";
import type { PolicyDescription } from "./frame-policy.ts";
import { PUBLISHED_POLICIES } from "./published-policies.ts";
import { simulate } from "./simulate.ts";
import { arrivalTrace, type TraceOptions } from "./trace.ts";

export interface PolicyResult {
  readonly name: string;
  readonly description: string;
  readonly cameras: number;
  /** Publication minus capture. */
  readonly ageMs: Summary;
  readonly fairness: number;
  readonly inferences: number;
  readonly drops: Readonly<Record<string, number>>;
  readonly waiting: number;
}

/** What each policy, ours included, makes of one and the same trace. */
export function comparePolicies(trace: TraceOptions, serviceMs: number): PolicyResult[] {
  const frames = arrivalTrace(trace);
  const { cameras, durationMs: untilMs } = trace;
  return [FOLLOWSPOT_POLICY, ...PUBLISHED_POLICIES].map((policy: PolicyDescription) => {
    const result = simulate(policy, { trace: frames, cameras, serviceMs, untilMs });
    const shares = Array.from({ length: cameras }, () => 0);
    for (const { frame } of result.inferences) shares[frame.camera] = (shares[frame.camera] ?? 0) + 1;
    return {
      name: policy.name,
      description: policy.description,
      cameras,
      ageMs: summarize(
        result.inferences.map(({ frame, publishedAtMs }) => publishedAtMs - frame.capturedAtMs),
      ),
      fairness: jainIndex(shares),
      inferences: result.inferences.length,
      drops: result.drops,
      waiting: result.waiting,
    };
  });
}
