import type { ContestantCard } from "./contestants/contestant.ts";
import type { Protocol } from "./exam/folds.ts";
import type { Comparison } from "./figures/compare.ts";
import type { Circumstances, ConditionFigures } from "./figures/conditions.ts";
import type { RecognizerCriteria } from "./figures/criteria.ts";
import type { Figures } from "./figures/measure.ts";
import type { TextModelReport } from "./figures/text-models.ts";
import type { Interval } from "./statistics/interval.ts";

export const EVALUATION_FORMAT = "followspot-evaluation-1";

/** One picture asked about. */
export interface PictureReport {
  readonly file: string;
  /** metadata.jsonl:line */
  readonly place: string;
  readonly scene: string;
  /** Cast ids in it; none for strangers. */
  readonly truth: readonly string[];
  /** As decided at the threshold: a name, "unknown", or "unparseable". */
  readonly guess: string;
  /** The most probable label, whatever its score. */
  readonly top: string | null;
  readonly score: number;
  readonly unknown: number;
  readonly right: boolean;
  /** In pixels of the picture at the size that was looked at: [left, top, width, height]. */
  readonly box: readonly [number, number, number, number] | null;
  readonly circumstances: Circumstances;
}

export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly value: number | null;
  readonly met: boolean | null;
}

export interface LatencyReport {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly values: readonly number[];
  /** What the time is of. */
  readonly of: string;
  /** Programs waiting for the processor, on average over the last minute: other work makes all of it slower. */
  readonly load: number;
}

/** One recognizer's part of the report. */
export interface RecognizerReport extends Omit<Figures, "controls"> {
  readonly recognizer: ContestantCard;
  readonly controls: Figures["controls"] & {
    /** Named rightly with the subject taken out of the picture that is asked about. */
    readonly backgroundOnly: number | null;
    /** The same of one that has learnt from such pictures: what the places give away. Null where it does not learn. */
    readonly backgroundLearnt: number | null;
    readonly backgroundInterval: Interval | null;
    /** Pictures without their framed subjects, and those of which only the border was left since nobody framed them. */
    readonly backgroundFrom: { readonly boxes: number; readonly borders: number };
  };
  readonly latencyMs: LatencyReport | null;
  readonly conditions: readonly ConditionFigures[];
  readonly pictures: readonly PictureReport[];
  readonly goals: readonly Goal[];
  /** What a reader must know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * What `evaluate --json` writes: the first recognizer's figures at the top, the second's under `second`, those of more
 * under `further`; `recognizers` has the five criteria of all of them.
 */
export interface EvaluationReport extends RecognizerReport {
  readonly format: typeof EVALUATION_FORMAT;
  readonly protocol: Protocol;
  readonly threshold: number;
  readonly seed: number;
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly dataset: {
    /** The version of the data set: a hash of its content. */
    readonly hash: string;
    readonly dir: string;
    readonly labels: readonly string[];
    readonly pictures: number;
    readonly asked: number;
    readonly scenes: number;
    readonly strangers: number;
    readonly golden: number;
    readonly framed: number;
    readonly leftOut: number;
    readonly untestable: readonly string[];
    readonly picturesByLabel: Readonly<Record<string, number>>;
    readonly licenceFiles: readonly string[];
  };
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGb: number;
    readonly os: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly peakMemoryMb: number;
  readonly second: RecognizerReport | null;
  readonly comparison: Comparison | null;
  readonly further: readonly RecognizerReport[];
  readonly recognizers: readonly ComparedRecognizer[];
  readonly textModels: readonly TextModelReport[];
}

/** The five criteria of one recognizer, and how it stands against the first. */
export interface ComparedRecognizer extends RecognizerCriteria {
  /** The first less this one; null of the first itself, and where there is no picture in common. */
  readonly againstFirst: Comparison | null;
}

/** Every recognizer's own figures, in the order in which they were named. */
export function allRecognizers(report: EvaluationReport): readonly RecognizerReport[] {
  return [report, ...(report.second ? [report.second] : []), ...report.further];
}
