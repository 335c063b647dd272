import { type DatasetVersion, versionLine, versionOf } from "@followspot/dataset";
import type { CastMember } from "@followspot/domain";
import { checkBalance, countLabels, type LabelCount } from "./check-balance.ts";
import { checkCaptions } from "./check-captions.ts";
import { checkDuplicates } from "./check-duplicates.ts";
import { checkLabels, type LabelCheck } from "./check-labels.ts";
import { checkLeaks } from "./check-leaks.ts";
import { CHECKS, type CheckName, type Finding, SEVERITIES, type Severity } from "./finding.ts";
import type { Inspected } from "./inspect-picture.ts";
import { inspectPictures } from "./inspect-pictures.ts";
import { findNearDuplicates } from "./near-duplicates.ts";
import { readLines } from "./read-lines.ts";
import { unitsOf } from "./split-units.ts";

export interface CheckOptions {
  /** The cast list to hold names and captions against; undefined: only what the data set itself tells. */
  readonly cast?: readonly CastMember[] | undefined;
  readonly seed: number;
  /** Whether to look for wrong names, which takes the longest. Default true. */
  readonly labels?: boolean;
  readonly onProgress?: (share: number, doing: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What was found; this is the JSON document as well. */
export interface DatasetCheck {
  readonly dataset: string;
  /** Content hash; null where not every picture could be read. */
  readonly version: string | null;
  /** No errors. */
  readonly ok: boolean;
  readonly pictures: number;
  readonly labels: readonly LabelCount[];
  readonly counts: Readonly<Record<Severity, number>>;
  /** One a check, in order, also where nothing was found. */
  readonly checks: readonly CheckSummary[];
  /** The gravest first within each check; of one check at most 500. */
  readonly findings: readonly Finding[];
  readonly seed: number;
  readonly seconds: number;
}

export interface CheckSummary {
  readonly check: CheckName;
  readonly about: string;
  readonly found: number;
  /** What was done, where that has bounds or was left out. */
  readonly remark?: string;
}

const MOST_FINDINGS = 500;
const LOOKING_SHARE = 0.6;
const PAIRING_SHARE = 0.1;

/**
 * Looks at every picture of a data set and reports what it finds; changes nothing. Keeps some ten kilobytes a
 * picture, whatever its size.
 * @throws UserError where there is no data set.
 */
export async function checkDataset(
  dir: string,
  { cast, seed, labels: judge = true, onProgress = () => {}, signal }: CheckOptions,
): Promise<DatasetCheck> {
  const startedMs = performance.now();
  const lines = await readLines(dir);
  const { pictures, findings: seen } = await inspectPictures(lines.pictures, {
    signal,
    onProgress: (share) => onProgress(share * LOOKING_SHARE, "looking at pictures"),
  });
  const findings: Finding[] = [...lines.findings, ...seen];
  const near = await findNearDuplicates(pictures, {
    signal,
    onProgress: (share) => onProgress(LOOKING_SHARE + share * PAIRING_SHARE, "comparing pictures"),
  });
  const counts = countLabels(pictures, near.pairs);
  findings.push(
    ...checkDuplicates(pictures, near.pairs),
    ...checkLeaks(pictures, near.pairs),
    ...checkBalance(counts, cast),
    ...checkCaptions(
      pictures.map(({ entry }) => entry),
      cast,
    ),
  );
  const entries = pictures.map(({ entry }) => entry);
  const labelCheck = judge
    ? await checkLabels(pictures, {
        unitOf: unitsOf(entries, near.pairs),
        seed,
        signal,
        onProgress: (share) => {
          const before = LOOKING_SHARE + PAIRING_SHARE;
          onProgress(before + share * (1 - before), "looking for wrong names");
        },
      })
    : undefined;
  findings.push(...(labelCheck?.findings ?? []));
  const remarks: Partial<Record<CheckName, string>> = {
    labels: remarkOn(labelCheck),
    ...(near.acrossLabels ? {} : { "near-duplicates": "looks were compared within each name only" }),
    ...(near.cut ? { "near-duplicates": "there are more pairs than could be kept" } : {}),
    ...(cast ? {} : { captions: "there is no show.yaml to compare with" }),
  };
  const whole = pictures.length === lines.pictures.length && lines.findings.length === 0;
  return {
    dataset: dir,
    version: whole ? versionOfInspected(pictures).hash : null,
    ok: !findings.some(({ severity }) => severity === "error"),
    pictures: lines.pictures.length,
    labels: counts,
    counts: countBySeverity(findings),
    checks: (Object.keys(CHECKS) as CheckName[]).map((check) => ({
      check,
      about: CHECKS[check],
      found: findings.filter((finding) => finding.check === check).length,
      ...(remarks[check] === undefined ? {} : { remark: remarks[check] }),
    })),
    findings: sorted(findings),
    seed,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
  };
}

function versionOfInspected(pictures: readonly Inspected[]): DatasetVersion {
  return versionOf(pictures.map(({ entry, pixels }) => versionLine(entry, pixels)));
}

function remarkOn(check: LabelCheck | undefined): string {
  if (!check) return "left out";
  const { judged, unjudged, learnt, rounds } = check;
  const alone =
    unjudged > 0 ? `; ${unjudged} could not be judged, for too little of their subject is elsewhere` : "";
  return `${judged} pictures judged by an understudy that had not seen their scenes, in ${rounds} rounds of up to ${learnt} pictures${alone}`;
}

function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const of = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { error: of("error"), warning: of("warning"), note: of("note") };
}

function sorted(findings: readonly Finding[]): Finding[] {
  return (Object.keys(CHECKS) as CheckName[]).flatMap((check) =>
    findings
      .filter((finding) => finding.check === check)
      .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
      .slice(0, MOST_FINDINGS),
  );
}
