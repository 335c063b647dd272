import type { PresenceOptions } from "./options.ts";

/** Fewer frames than this never settle anything, however far apart they are: one may be wrong, and its neighbour too. */
const MIN_VOTES = 3;
/** One frame never counts for more time than this: after a pause nobody knows what was between. */
const MAX_STEP_MS = 1_000;
/** Evidence from before a blindness that was longer says nothing about now, and must not date what is decided now. */
const KEEP_RUN_MS = 10_000;
/** Frames in a row without doubt before a label that could not be told is told again. */
const STEADY_FRAMES = 2;

/** Frames that contradict what is believed, counted in time: contradiction adds, confirmation takes away. */
export interface Run {
  readonly openedAtMs: number;
  surplusMs: number;
  votes: number;
  /** Sum of the probabilities that the belief is wrong. */
  doubt: number;
}

/** What one camera believes about one label. Plain data, so that it can be stored as JSON. */
export interface Track {
  sees: boolean;
  /** Capture time of the first frame of the run that led to `sees`; null before the first. */
  sinceMs: number | null;
  /** Probability behind `sees`. */
  confidence: number;
  run: Run | null;
  /** Capture time of the last frame that voted; null where time stood still since (darkness, a lost camera). */
  votedAtMs: number | null;
  /** When the last vote became known. */
  heardAtMs: number;
  /** Frames in a row without an open run since the label was last untold, and the first of them. */
  steady: number;
  steadyFromMs: number;
}

export function newTrack(): Track {
  return {
    sees: false,
    sinceMs: null,
    confidence: 0,
    run: null,
    votedAtMs: null,
    heardAtMs: 0,
    steady: 0,
    steadyFromMs: 0,
  };
}

export interface Vote {
  readonly atMs: number;
  readonly heardAtMs: number;
  /** Calibrated probability that the label is in the picture. */
  readonly score: number;
  /** A gap longer than this was blindness: no time passes for the timers. */
  readonly patienceMs: number;
}

/**
 * Counts one frame. A run opens with the first frame that contradicts the belief, and is dropped as soon as
 * confirmation outweighs it (a CUSUM, whose start is the usual estimate of when the change happened). A wrong frame
 * in between only costs the time of two frames; a lone one never gets anywhere.
 */
export function castVote(track: Track, vote: Vote, options: PresenceOptions): void {
  const gapMs = track.votedAtMs === null ? 0 : Math.max(0, vote.atMs - track.votedAtMs);
  const stepMs = gapMs > vote.patienceMs ? 0 : Math.min(gapMs, MAX_STEP_MS);
  if (vote.heardAtMs - track.heardAtMs > KEEP_RUN_MS) track.run = null;
  track.votedAtMs = vote.atMs;
  track.heardAtMs = Math.max(track.heardAtMs, vote.heardAtMs);

  const speaksFor = vote.score >= options.enterScore;
  const speaksAgainst = vote.score < options.exitScore;
  if (track.sees ? speaksAgainst : speaksFor) {
    contradict(track, vote, stepMs, options);
  } else {
    confirm(track, vote, stepMs * (speaksFor || speaksAgainst ? 1 : 0.5));
  }
}

function contradict(track: Track, vote: Vote, stepMs: number, options: PresenceOptions): void {
  const wrong = track.sees ? 1 - vote.score : vote.score;
  if (track.run) track.run.surplusMs += stepMs;
  else track.run = { openedAtMs: vote.atMs, surplusMs: 0, votes: 0, doubt: 0 };
  track.run.votes += 1;
  track.run.doubt += wrong;
  track.steady = 0;
  if (track.run.votes < MIN_VOTES || track.run.surplusMs < (track.sees ? options.exitMs : options.enterMs))
    return;
  track.sees = !track.sees;
  track.sinceMs = track.run.openedAtMs;
  track.confidence = track.run.doubt / track.run.votes;
  track.steady = track.run.votes;
  track.steadyFromMs = track.run.openedAtMs;
  track.run = null;
}

function confirm(track: Track, vote: Vote, weightMs: number): void {
  if (track.run) {
    // At least a little, so that after a standstill too one confirmation outweighs one contradiction.
    track.run.surplusMs -= Math.max(weightMs, 1);
    if (track.run.surplusMs >= 0) return;
    track.run = null;
  }
  if (track.steady === 0) track.steadyFromMs = vote.atMs;
  track.steady = Math.min(track.steady + 1, 1_000_000);
  track.confidence = track.sees ? vote.score : 1 - vote.score;
}

/**
 * Whether enough was seen, without doubt, to say again what a label's state is. `forMs`: a belief that no run of
 * evidence led to (the camera is new to the label) must have lasted so long to overrule what is held.
 */
export function isSteady(track: Track, forMs = 0): boolean {
  if (track.run !== null || track.steady < STEADY_FRAMES) return false;
  if (forMs === 0 || track.sinceMs !== null) return true;
  return track.steady >= MIN_VOTES && (track.votedAtMs ?? track.steadyFromMs) - track.steadyFromMs >= forMs;
}
