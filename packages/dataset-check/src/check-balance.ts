import { type CastMember, UNKNOWN_LABEL } from "@followspot/domain";
import { groupsOf } from "./check-duplicates.ts";
import type { Finding } from "./finding.ts";
import type { Inspected } from "./inspect-picture.ts";
import type { NearPair } from "./near-duplicates.ts";

/** How much there is of one subject. */
export interface LabelCount {
  readonly label: string;
  readonly pictures: number;
  /** Without what may be one shot with another picture. */
  readonly shots: number;
  /** Pictures without a scene are scenes of their own. */
  readonly scenes: number;
  /** Pictures in which a person framed it. */
  readonly framed: number;
}

const LEAST_PICTURES = 5;
const GOOD_PICTURES = 20;
const MOST_RATIO = 3;

/** Counts each subject, "unknown" included, most pictures first. */
export function countLabels(pictures: readonly Inspected[], pairs: readonly NearPair[]): LabelCount[] {
  const standsFor = new Map<Inspected, Inspected>();
  for (const group of groupsOf(pictures, pairs, ["same", "shot"])) {
    for (const picture of group) standsFor.set(picture, group[0] as Inspected);
  }
  const found = new Map<string, Inspected[]>();
  for (const picture of pictures) {
    const { label, objects } = picture.entry;
    for (const one of new Set([label, ...(objects ?? []).map((object) => object.label)])) {
      found.set(one, [...(found.get(one) ?? []), picture]);
    }
  }
  return [...found]
    .map(([label, of]) => ({
      label,
      pictures: of.length,
      shots: new Set(of.map((picture) => standsFor.get(picture) ?? picture)).size,
      scenes: new Set(of.map(({ entry }) => entry.scene ?? `file ${entry.fileName}`)).size,
      framed: of.filter(({ entry }) => entry.objects?.some((object) => object.label === label)).length,
    }))
    .sort((a, b) => b.pictures - a.pictures || (a.label < b.label ? -1 : 1));
}

/** Whether there is enough of everybody, and not too much of anybody. */
export function checkBalance(
  counts: readonly LabelCount[],
  cast: readonly CastMember[] | undefined,
): Finding[] {
  const known = counts.filter(({ label }) => label !== UNKNOWN_LABEL);
  const findings: Finding[] = [];
  const add = (severity: Finding["severity"], message: string, measured?: Finding["measured"]) =>
    findings.push({ check: "balance", severity, message, pictures: [], ...(measured ? { measured } : {}) });
  for (const { label, pictures, shots, scenes } of known) {
    const twins = shots < pictures ? ` (${shots} where near-duplicates count once)` : "";
    const measured = { pictures, shots, scenes };
    if (shots < LEAST_PICTURES) {
      add(
        "warning",
        `${label} has ${counted(pictures)}${twins}: below ${LEAST_PICTURES} it is a guess, ${GOOD_PICTURES} are good`,
        measured,
      );
    }
    if (scenes === 1 && pictures > 1) {
      add(
        "warning",
        `all pictures of ${label} are of one scene: the place may be learnt instead; take some elsewhere`,
        measured,
      );
    }
  }
  const [most, least] = [known[0], known.at(-1)];
  if (most && least && most.pictures > MOST_RATIO * least.pictures) {
    const ratio = Math.round((most.pictures / least.pictures) * 10) / 10;
    add(
      "warning",
      `${most.label} has ${ratio} times as many pictures as ${least.label}: at most ${MOST_RATIO} to 1 is fair to both`,
      { ratio },
    );
  }
  if (!counts.some(({ label }) => label === UNKNOWN_LABEL)) {
    add(
      "note",
      "no picture is of somebody unknown: some of hands, other toys and the empty stage (kind: unknown) teach what nobody is",
    );
  }
  for (const member of cast ?? []) {
    if (!known.some(({ label }) => label === member.id)) {
      add("warning", `${member.id} is in the cast list, and no picture is of it: it cannot be recognized`);
    }
  }
  return findings;
}

function counted(pictures: number): string {
  return pictures === 1 ? "one picture" : `${pictures} pictures`;
}
