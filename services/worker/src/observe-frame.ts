import { create } from "@bufbuild/protobuf";
import type { FramePosition } from "@followspot/domain";
import { DeadlineExceeded, type NowMs, withDeadline } from "@followspot/runtime";
import type { Frame } from "@followspot/schema/followspot/v1/frame";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { InferenceError, type Recognition } from "@followspot/triton";
import type { FrameDropReason } from "./drop-reason.ts";
import { Unanswered } from "./ladder/unanswered.ts";

/** Says who is in a picture. */
export interface Recognizer {
  /** @throws InferenceError; Unanswered */
  recognize(question: {
    readonly cameraId: string;
    readonly frame: FramePosition;
    readonly jpeg: Uint8Array;
    readonly labels: readonly string[];
    readonly signal: AbortSignal;
    readonly deadlineMs: number;
  }): Promise<Recognition>;
}

export interface ObserveFrameDeps {
  readonly recognizer: Recognizer;
  readonly publish: (observation: Observation, signal: AbortSignal) => Promise<"published" | "superseded">;
  readonly nowMs: NowMs;
  /** The closed set: ids of the cast list. */
  readonly labels: readonly string[];
  /** From capture to publication. */
  readonly frameMaxAgeMs: number;
  readonly workerId: string;
}

/** What became of a frame. */
export type FrameOutcome =
  | { readonly observed: Observation }
  | { readonly dropped: FrameDropReason; readonly cause?: unknown };

/**
 * A frame goes to the recognizer, its answer goes out as an observation, all within what is left of the frame's budget.
 * Nothing is tried a second time: the next frame is worth more.
 */
export async function observeFrame(
  deps: ObserveFrameDeps,
  frame: Frame,
  signal: AbortSignal,
): Promise<FrameOutcome> {
  const { nowMs, frameMaxAgeMs } = deps;
  const { cameraId = "", run = 0, sequence = 0, capturedAtMs = 0 } = frame.header?.stamp ?? {};
  const leftMs = () => frameMaxAgeMs - (nowMs() - capturedAtMs);
  const askedAtMs = nowMs();
  const deadlineMs = leftMs();
  if (deadlineMs <= 0) return { dropped: "late" };
  try {
    const { recognizer, labels } = deps;
    const question = { cameraId, frame: { run, sequence }, jpeg: frame.jpeg, labels, signal, deadlineMs };
    const answer = await recognizer.recognize(question);
    const observation = toObservation(deps, frame, { answer, askedAtMs });
    const publishMs = leftMs();
    if (publishMs <= 0) return { dropped: "late" };
    const outcome = await withDeadline(signal, publishMs, (limited) => deps.publish(observation, limited));
    return outcome === "published" ? { observed: observation } : { dropped: "fenced" };
  } catch (cause) {
    return { dropped: dropReason(cause, signal), cause };
  }
}

function toObservation(
  { nowMs, workerId }: ObserveFrameDeps,
  { header }: Frame,
  { answer, askedAtMs }: { readonly answer: Recognition; readonly askedAtMs: number },
): Observation {
  const { name, version, rung, accuracy } = answer.recognizer;
  return create(ObservationSchema, {
    ...(header?.stamp && { frame: header.stamp }),
    width: header?.width ?? 0,
    height: header?.height ?? 0,
    light: header?.light ?? 0,
    labels: answer.labels.map(({ label, score, raw, box }) => ({ label, score, raw, ...(box && { box }) })),
    unknown: answer.unknown,
    recognizer: { name, version, rung, accuracy },
    askedAtMs,
    answeredAtMs: nowMs(),
    modelMs: answer.modelMs ?? answer.callMs,
    workerId,
  });
}

function dropReason(cause: unknown, signal: AbortSignal): FrameDropReason {
  if (signal.aborted) return "canceled";
  // Only the publication is under a deadline of ours.
  if (cause instanceof DeadlineExceeded) return "late";
  if (cause instanceof Unanswered) return cause.reason;
  const { reason } = InferenceError.from(cause);
  switch (reason) {
    case "unavailable":
    case "model-unavailable":
    case "unsupported-model":
    case "unauthorized":
      return "recognizer-unavailable";
    case "deadline-exceeded":
      return "late";
    default:
      return reason;
  }
}
