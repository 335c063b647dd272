import { type DatasetPicture, decodeDatasetPicture, scaleBox } from "@followspot/dataset";
import { SeededRandom, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import {
  type DescribedSample,
  describeSamples,
  dot,
  fitUnderstudy,
  LOOK_SIDE,
  type Recognition,
  recognizeDescribed,
  type TrainingSample,
  type UnderstudyModel,
} from "@followspot/recognition";
import type { Finding } from "./finding.ts";
import type { Inspected } from "./inspect-picture.ts";

export interface LabelCheckOptions {
  /** Which pictures belong together: one unit is never on both sides. One number a picture. */
  readonly unitOf: readonly number[];
  readonly seed: number;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface LabelCheck {
  readonly findings: readonly Finding[];
  /** Pictures that were judged by somebody who had not seen their scene. */
  readonly judged: number;
  /** Pictures that nobody could judge: too little of their subject is elsewhere. */
  readonly unjudged: number;
  /** Pictures that were learnt from, in all rounds together. */
  readonly learnt: number;
  readonly rounds: number;
}

/** So many are kept in memory at once; of a larger data set as many of each subject as fit. */
const MOST_LEARNT = 200;
const MOST_ROUNDS = 6;
/** A subject is known to somebody who has seen so many pictures of it. */
const LEAST_SEEN = 2;
/** A picture is suspected where another one is so sure, and the one that it is called is so far behind. */
const LEAST_SCORE = 0.5;
const LEAST_MARGIN = 0.3;

/**
 * Looks for wrong names: everybody is learnt without some of the scenes, and the pictures of those scenes are then
 * recognized. A confident answer that is not the picture's name makes it a suspect. Golden and test pictures are
 * judged, and never learnt from.
 */
export async function checkLabels(
  pictures: readonly Inspected[],
  { unitOf, seed, onProgress = () => {}, signal }: LabelCheckOptions,
): Promise<LabelCheck> {
  const random = new SeededRandom(seed);
  const roundOf = rounds(unitOf, random);
  const learnt = chooseLearnt(pictures, random);
  const samples: TrainingSample[] = [];
  for (const index of learnt) samples.push(await sampleOf((pictures[index] as Inspected).entry));
  const described = await describeSamples(samples, signal ? { signal } : {});
  onProgress(0.1);
  const count = Math.max(...roundOf, 0) + 1;
  const describedOf = new Map(learnt.map((index, at) => [index, described[at] as DescribedSample]));
  const findings: Finding[] = [];
  let judged = 0;
  for (let round = 0; round < count; round++) {
    const seen = learnt.filter((index) => roundOf[index] !== round);
    const model = await fit(seen, { describedOf, seed, signal });
    const known = knownLabels(seen.map((index) => (pictures[index] as Inspected).entry));
    for (const [index, picture] of pictures.entries()) {
      if (roundOf[index] !== round || !model) continue;
      const names = namesOf(picture.entry);
      if (!names.every((name) => known.has(name))) continue;
      signal?.throwIfAborted();
      const sample = describedOf.get(index) ?? (await describeSamples([await sampleOf(picture.entry)]))[0];
      judged++;
      const finding = sample && suspect(pictures, index, recognizeDescribed(model, sample));
      if (finding) findings.push(finding);
      onProgress(0.1 + (0.9 * judged) / pictures.length);
      // Recognizing is one long step: whoever asked may want to stop.
      await new Promise(setImmediate);
    }
  }
  onProgress(1);
  const unjudged = pictures.length - judged;
  return { findings, judged, unjudged, learnt: learnt.length, rounds: count };
}

async function fit(
  seen: readonly number[],
  {
    describedOf,
    seed,
    signal,
  }: {
    readonly describedOf: ReadonlyMap<number, DescribedSample>;
    readonly seed: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<UnderstudyModel | undefined> {
  const described = seen.flatMap((index) => describedOf.get(index) ?? []);
  try {
    return await fitUnderstudy(described, { seed, ...(signal ? { signal } : {}) });
  } catch (error) {
    // Nobody is left to learn from: nothing is judged, and the count says so.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Deals the units out, whole, so that each round leaves out about as many pictures. */
function rounds(unitOf: readonly number[], random: SeededRandom): number[] {
  const units = [...Map.groupBy(unitOf.keys(), (index) => unitOf[index] as number).values()];
  random.shuffle(units);
  units.sort((a, b) => b.length - a.length);
  const count = Math.min(MOST_ROUNDS, units.length);
  const sizes = Array.from({ length: count }, () => 0);
  const roundOf = unitOf.map(() => 0);
  for (const unit of units) {
    const round = sizes.indexOf(Math.min(...sizes));
    sizes[round] = (sizes[round] as number) + unit.length;
    for (const index of unit) roundOf[index] = round;
  }
  return roundOf;
}

/** Of each subject in turn, until enough are chosen. */
function chooseLearnt(pictures: readonly Inspected[], random: SeededRandom): number[] {
  const order = [...pictures.keys()].filter((index) => {
    const { split } = (pictures[index] as Inspected).entry;
    return split === undefined || split === "train";
  });
  random.shuffle(order);
  const queues = [...Map.groupBy(order, (index) => (pictures[index] as Inspected).entry.label).values()];
  const chosen: number[] = [];
  for (let turn = 0; chosen.length < Math.min(MOST_LEARNT, order.length); turn++) {
    for (const queue of queues) {
      const next = queue[turn];
      if (next !== undefined && chosen.length < MOST_LEARNT) chosen.push(next);
    }
  }
  return chosen.sort((a, b) => a - b);
}

function knownLabels(seen: readonly DatasetPicture[]): Set<string> {
  const counts = new Map<string, number>();
  for (const entry of seen) {
    for (const name of namesOf(entry)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= LEAST_SEEN).map(([name]) => name));
}

/** Everybody of the cast who is said to be in the picture. */
function namesOf({ label, objects }: DatasetPicture): string[] {
  const names = new Set([label, ...(objects ?? []).map((object) => object.label)]);
  names.delete(UNKNOWN_LABEL);
  return [...names];
}

function suspect(
  pictures: readonly Inspected[],
  index: number,
  { labels }: Recognition,
): Finding | undefined {
  const { entry } = pictures[index] as Inspected;
  const names = namesOf(entry);
  const other = labels.find(({ label }) => !names.includes(label));
  const own = Math.max(0, ...labels.filter(({ label }) => names.includes(label)).map(({ score }) => score));
  if (!other || other.score < LEAST_SCORE || other.score - own < LEAST_MARGIN) return undefined;
  const nearest = [other.label, entry.label].flatMap((label) => {
    const name = nearestOf(pictures, index, label);
    return name === undefined ? [] : [{ name, role: `nearest ${label}` }];
  });
  const surely = `${Math.round(other.score * 100)} %`;
  return {
    check: "labels",
    severity: "warning",
    message: `it is called ${entry.label}, and looks like ${other.label} (${surely}; ${entry.label} ${Math.round(own * 100)} %): is the name right?`,
    pictures: [entry.fileName, ...nearest.map(({ name }) => name)],
    roles: ["in question", ...nearest.map(({ role }) => role)],
    place: entry.place,
    measured: { called: entry.label, looksLike: other.label, score: round(other.score), own: round(own) },
  };
}

function nearestOf(pictures: readonly Inspected[], index: number, label: string): string | undefined {
  const { look } = pictures[index] as Inspected;
  let best: { readonly name: string; readonly likeness: number } | undefined;
  for (const [at, { entry, look: theirs }] of pictures.entries()) {
    if (at === index || entry.label !== label) continue;
    const likeness = dot(look, theirs);
    if (!best || likeness > best.likeness) best = { name: entry.fileName, likeness };
  }
  return best?.name;
}

async function sampleOf(entry: DatasetPicture): Promise<TrainingSample> {
  const picture = await decodeDatasetPicture(entry, { maxSide: LOOK_SIDE });
  const factor = picture.width / picture.sourceWidth;
  const objects = entry.objects?.map(({ label, box }) => ({
    label,
    box: scaleBox(box, factor),
  }));
  return { picture, label: entry.label, scene: entry.scene ?? entry.fileName, objects };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
