import type { PresenceOptions } from "./options.ts";
import type { LabelBelief, PresenceState } from "./presence-state.ts";
import { type Blindness, blindness } from "./sight.ts";
import { isSteady, type Track } from "./track.ts";

export interface Verdict {
  readonly type: "ENTER" | "EXIT" | "UNKNOWN" | "HOLD";
  readonly happenedAtMs: number;
  readonly confidence: number;
  readonly reason: string;
}

interface View {
  readonly cameraId: string;
  readonly track: Track;
  readonly blind: Blindness | undefined;
}

/**
 * What all cameras together say about a label, where that differs from what is believed.
 *
 * - Present: a camera that can look sees it.
 * - Unknown: no camera can look; or one that saw it last cannot, and no other sees it (not looking is no proof).
 * - Absent: cameras that can look do not see it, and none that cannot look saw it last.
 */
export function judge(
  belief: LabelBelief,
  state: PresenceState,
  options: PresenceOptions,
): Verdict | undefined {
  const views = viewsOf(belief, state, options);
  const seeing = views.filter((view) => !view.blind && view.track.sees);
  if (seeing.length > 0) return judgePresent(belief, seeing);
  const looking = views.filter((view) => !view.blind);
  const missed = views.filter((view) => view.blind && view.track.sees);
  if (looking.length === 0 || missed.length > 0) {
    return belief.known ? untold(missed.length > 0 ? missed : views) : undefined;
  }
  return judgeAbsent(belief, looking, options);
}

function viewsOf(belief: LabelBelief, state: PresenceState, options: PresenceOptions): View[] {
  return Object.keys(belief.tracks)
    .toSorted()
    .flatMap((cameraId) => {
      const track = belief.tracks[cameraId];
      const sight = state.cameras[cameraId];
      if (!track || !sight) return [];
      return [{ cameraId, track, blind: blindness(cameraId, sight, track, state.nowMs, options) }];
    });
}

function judgePresent(belief: LabelBelief, seeing: readonly View[]): Verdict | undefined {
  const confidence = Math.max(...seeing.map(({ track }) => track.confidence));
  const by = seeing.map(({ cameraId }) => cameraId).join(", ");
  if (!belief.present) {
    const happenedAtMs = Math.min(...seeing.map(({ track }) => track.sinceMs ?? track.steadyFromMs));
    return { type: "ENTER", happenedAtMs, confidence, reason: `seen by ${by}` };
  }
  if (belief.known) return undefined;
  const sure = seeing.filter(({ track }) => isSteady(track));
  if (sure.length === 0) return undefined;
  const happenedAtMs = Math.min(...sure.map(({ track }) => track.steadyFromMs));
  return { type: "HOLD", happenedAtMs, confidence, reason: `still seen by ${by}` };
}

function judgeAbsent(
  belief: LabelBelief,
  looking: readonly View[],
  options: PresenceOptions,
): Verdict | undefined {
  const confidence = Math.min(...looking.map(({ track }) => track.confidence));
  const by = looking.map(({ cameraId }) => cameraId).join(", ");
  // After a time of not knowing, a camera that has just begun to look proves nothing yet.
  const steadyForMs = belief.present ? options.exitMs : 0;
  if (!belief.known && !looking.every(({ track }) => isSteady(track, steadyForMs))) return undefined;
  if (belief.present) {
    // The camera that lost it last tells when it left.
    const happenedAtMs = Math.max(...looking.map(({ track }) => track.sinceMs ?? track.steadyFromMs));
    return { type: "EXIT", happenedAtMs, confidence, reason: `no longer seen by ${by}` };
  }
  if (belief.known) return undefined;
  const happenedAtMs = Math.max(...looking.map(({ track }) => track.steadyFromMs));
  return { type: "HOLD", happenedAtMs, confidence, reason: `still not seen by ${by}` };
}

function untold(views: readonly View[]): Verdict {
  const blind = views.flatMap((view) => (view.blind ? [view.blind] : []));
  return {
    type: "UNKNOWN",
    happenedAtMs: Math.max(0, ...blind.map(({ sinceMs }) => sinceMs)),
    confidence: 0,
    reason: blind.map(({ reason }) => reason).join(", ") || "no camera looks",
  };
}
