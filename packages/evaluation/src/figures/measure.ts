import { UNKNOWN_LABEL } from "@followspot/domain";
import type { Answer } from "../contestants/contestant.ts";
import type { Collage } from "../exam/collage.ts";
import { showsOne, showsStranger } from "../exam/exhibit.ts";
import { READINGS, type Reading } from "@followspot/vision-language";
import { auroc, falsePositiveRateAt } from "../statistics/auroc.ts";
import {
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
} from "../statistics/calibration-error.ts";
import {
  compareSets,
  countConfusion,
  figuresByLabel,
  macroF1,
  type SetFigures,
} from "../statistics/confusion.ts";
import { bootstrapByScene, type Interval, type Intervals, wilson } from "../statistics/interval.ts";
import { decisionOf, isAmongTop, namedIn, type Outcome, topOf } from "./outcome.ts";
import { type PresenceFigures, presenceFigures } from "./presence-figures.ts";

/** Answers that nobody could read have a column of their own. */
export const UNPARSEABLE = "unparseable";
const TOP = 3;
const RECALL_OF_KNOWN = 0.95;

export interface LabelReport {
  readonly n: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Wilson's, of the recall. */
  readonly recallInterval: Interval;
  readonly positive: number | null;
  readonly negative: number | null;
  readonly weighted: number | null;
}

export interface OpenSet {
  readonly auroc: number;
  /** Share of strangers that is taken for somebody where 95 % of the cast are accepted. */
  readonly fpr95: number;
  /** The same by the score before calibration. */
  readonly byRaw: { readonly auroc: number; readonly fpr95: number };
  /** Share of strangers that is given a name, at the threshold. */
  readonly falseNames: number;
  readonly cast: number;
  readonly strangers: number;
}

/** Shares are from 0 to 1; null is "there was nothing to measure it on". */
export interface Figures {
  /** Pictures asked about. */
  readonly n: number;
  readonly accuracy: {
    readonly top1: number | null;
    readonly top3: number | null;
    readonly macroF1: number | null;
    readonly n: number;
  };
  /** The same as in `accuracy`: some look for them here. */
  readonly top3: number | null;
  readonly macroF1: number | null;
  readonly perLabel: Readonly<Record<string, LabelReport>>;
  readonly confusion: {
    readonly truths: readonly string[];
    readonly guesses: readonly string[];
    readonly counts: readonly (readonly number[])[];
  };
  readonly openSet: OpenSet | null;
  readonly calibration: {
    readonly ece: number | null;
    readonly n: number;
    readonly bins: readonly CalibrationBin[];
  };
  readonly multi: {
    readonly microF1: number | null;
    readonly exact: number | null;
    /** Pictures whose boxes tell everybody who is in them. */
    readonly pictures: SetFigures | null;
    /** Held-out pictures laid side by side by us. */
    readonly collages: SetFigures | null;
  };
  readonly positive: number | null;
  readonly negative: number | null;
  readonly weighted: number | null;
  readonly unparseable: { readonly n: number; readonly share: number };
  /** How answers in words were understood; empty where there were none. */
  readonly readings: Readonly<Partial<Record<Reading, number>>>;
  readonly controls: { readonly majority: number | null; readonly random: number | null };
  readonly intervals: Readonly<Record<string, Intervals>>;
}

export interface MeasureOptions {
  readonly labels: readonly string[];
  /** From which score on somebody counts as named. */
  readonly threshold: number;
  readonly seed: number;
}

/** Everything that can be said of one recognizer's answers. */
export function measure(
  outcomes: readonly Outcome[],
  collages: readonly { readonly collage: Collage; readonly answer: Answer }[],
  options: MeasureOptions,
): Figures {
  const { labels, threshold, seed } = options;
  const single = outcomes.filter(({ exhibit }) => showsOne(exhibit));
  const closed = judge(single);
  const interval = <Item extends { readonly scene: string }>(
    items: readonly Item[],
    figure: (drawn: readonly Item[]) => number | undefined,
  ) => {
    const byScene = bootstrapByScene(items, figure, { seed });
    return byScene ? { byScene } : {};
  };
  const topN = (count: number) => single.filter((outcome) => isAmongTop(outcome, count)).length;
  const top3 = share(topN(TOP), single.length);
  const ofAllSubjects = macroF1(closed) ?? null;
  const presence = presenceFigures(outcomes, { labels, threshold });
  const own = outcomes.filter(({ exhibit }) => exhibit.objects !== undefined);
  const sets = setsOf(own, threshold);
  const laid = collages.map(({ collage, answer }) => ({
    scene: collage.scene,
    truth: new Set(collage.parts.flatMap(({ present }) => present)),
    guess: namedIn(answer, threshold),
  }));
  const multi = compareSets([...sets, ...laid]);
  const bins = calibrationBins(claimsOf(single));
  const unparseable = outcomes.filter(({ answer }) => answer.unparseable !== undefined).length;
  return {
    n: outcomes.length,
    accuracy: { top1: share(topN(1), single.length), top3, macroF1: ofAllSubjects, n: single.length },
    top3,
    macroF1: ofAllSubjects,
    perLabel: labelReports(closed, { labels, presence }),
    confusion: confusionOf(outcomes, options),
    openSet: openSetOf(outcomes, threshold),
    calibration: { ece: expectedCalibrationError(bins) ?? null, n: single.length, bins },
    multi: {
      microF1: multi?.microF1 ?? null,
      exact: multi?.exact ?? null,
      pictures: compareSets(sets) ?? null,
      collages: compareSets(laid) ?? null,
    },
    ...presence.mean,
    unparseable: { n: unparseable, share: outcomes.length === 0 ? 0 : unparseable / outcomes.length },
    readings: readingsOf(outcomes),
    controls: controlsOf(single),
    intervals: {
      "accuracy.top1": {
        wilson: wilson(topN(1), single.length),
        ...interval(single, (drawn) => mean(drawn, (outcome) => isAmongTop(outcome, 1))),
      },
      "accuracy.top3": {
        wilson: wilson(topN(TOP), single.length),
        ...interval(single, (drawn) => mean(drawn, (outcome) => isAmongTop(outcome, TOP))),
      },
      macroF1: interval(closed, macroF1),
      "openSet.auroc": interval(outcomes, (drawn) => openSetOf(drawn, threshold)?.auroc),
      "calibration.ece": interval(single, (drawn) =>
        expectedCalibrationError(calibrationBins(claimsOf(drawn))),
      ),
      "multi.microF1": interval([...sets, ...laid], (drawn) => compareSets(drawn)?.microF1),
      weighted: interval(
        outcomes,
        (drawn) => presenceFigures(drawn, { labels, threshold }).mean.weighted ?? undefined,
      ),
    },
  };
}

function readingsOf(outcomes: readonly Outcome[]): Figures["readings"] {
  const counts = READINGS.map(
    (reading) => [reading, outcomes.filter(({ answer }) => answer.reading === reading).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** The closed question: who of the cast is it, whatever the score. */
function judge(single: readonly Outcome[]) {
  return single.map(({ exhibit, answer, scene }) => ({
    truth: exhibit.present[0] as string,
    guess: topOf(answer)?.label,
    scene,
  }));
}

function claimsOf(single: readonly Outcome[]) {
  return single.map((outcome) => ({
    confidence: topOf(outcome.answer)?.score ?? 0,
    right: isAmongTop(outcome, 1),
  }));
}

function setsOf(outcomes: readonly Outcome[], threshold: number) {
  return outcomes.map(({ exhibit, answer, scene }) => ({
    scene,
    truth: new Set(exhibit.present),
    guess: namedIn(answer, threshold),
  }));
}

function labelReports(
  closed: ReturnType<typeof judge>,
  { labels, presence }: { labels: readonly string[]; presence: PresenceFigures },
): Record<string, LabelReport> {
  const figures = figuresByLabel(closed, labels);
  return Object.fromEntries(
    labels.map((label) => {
      const own = figures.get(label) ?? { n: 0, precision: 0, recall: 0, f1: 0 };
      const { positive, negative, weighted } = presence.byLabel.get(label) ?? {
        positive: null,
        negative: null,
        weighted: null,
      };
      const right = Math.round(own.recall * own.n);
      return [label, { ...own, recallInterval: wilson(right, own.n), positive, negative, weighted }];
    }),
  );
}

/** Rows and columns with the most mistakes first; strangers last. */
function confusionOf(
  outcomes: readonly Outcome[],
  { labels, threshold }: MeasureOptions,
): Figures["confusion"] {
  const judgements = outcomes
    .filter(({ exhibit }) => exhibit.present.length <= 1)
    .map(({ exhibit, answer }) => ({
      truth: exhibit.present[0] ?? UNKNOWN_LABEL,
      guess: decisionOf(answer, { threshold, unknown: UNKNOWN_LABEL }),
    }));
  const mistakes = new Map(labels.map((label) => [label, 0]));
  for (const { truth, guess } of judgements) {
    if (truth === guess) continue;
    for (const label of [truth, guess ?? ""]) {
      const known = mistakes.get(label);
      if (known !== undefined) mistakes.set(label, known + 1);
    }
  }
  const sorted = labels.toSorted(
    (a, b) => (mistakes.get(b) ?? 0) - (mistakes.get(a) ?? 0) || (a < b ? -1 : 1),
  );
  const truths = [...sorted, UNKNOWN_LABEL];
  const unreadable = judgements.some(({ guess }) => guess === undefined) ? [UNPARSEABLE] : [];
  const guesses = [...truths, ...unreadable];
  return {
    truths,
    guesses,
    counts: countConfusion(judgements, { truths, guesses, unreadable: UNPARSEABLE }),
  };
}

/** The score of a picture is the highest of all labels: by it the cast should stand above strangers. */
function openSetOf(outcomes: readonly Outcome[], threshold: number): OpenSet | null {
  const cast = outcomes.filter(({ exhibit }) => !showsStranger(exhibit));
  const strangers = outcomes.filter(({ exhibit }) => showsStranger(exhibit));
  const by = (kind: "score" | "raw") => {
    const [high, low] = [cast, strangers].map((side) => side.map(({ answer }) => highest(answer, kind)));
    return {
      auroc: auroc(high ?? [], low ?? []),
      fpr95: falsePositiveRateAt(RECALL_OF_KNOWN, high ?? [], low ?? []),
    };
  };
  const { auroc: area, fpr95 } = by("score");
  const raw = by("raw");
  if (area === undefined || fpr95 === undefined || raw.auroc === undefined || raw.fpr95 === undefined)
    return null;
  const named = strangers.filter(({ answer }) => namedIn(answer, threshold).size > 0).length;
  return {
    auroc: area,
    fpr95,
    byRaw: { auroc: raw.auroc, fpr95: raw.fpr95 },
    falseNames: named / strangers.length,
    cast: cast.length,
    strangers: strangers.length,
  };
}

/** An answer that cannot be read claims nothing. */
function highest({ labels }: Answer, kind: "score" | "raw"): number {
  return labels.reduce((most, one) => Math.max(most, one[kind]), 0);
}

/** What somebody who never looks would get: always the commonest subject, or a blind guess. */
function controlsOf(single: readonly Outcome[]): Figures["controls"] {
  if (single.length === 0) return { majority: null, random: null };
  let right = 0;
  let luck = 0;
  for (const { exhibit, learnt } of single) {
    const [commonest] = [...learnt.counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] ?? [];
    if (commonest === exhibit.present[0]) right++;
    luck += learnt.counts.size === 0 ? 0 : 1 / learnt.counts.size;
  }
  return { majority: right / single.length, random: luck / single.length };
}

function mean(outcomes: readonly Outcome[], right: (outcome: Outcome) => boolean): number | undefined {
  return outcomes.length === 0 ? undefined : outcomes.filter(right).length / outcomes.length;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
