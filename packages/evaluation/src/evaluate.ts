import { readdir } from "node:fs/promises";
import { loadavg } from "node:os";
import { datasetVersion, readDataset } from "@followspot/dataset";
import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { describeMachine } from "@followspot/runtime";
import type { Answer, Contestant } from "./contestants/contestant.ts";
import { openContestant } from "./contestants/open-contestant.ts";
import { EVALUATION_FORMAT, type EvaluationReport, type RecognizerReport } from "./evaluation-report.ts";
import { Backgrounds } from "./exam/backgrounds.ts";
import { planCollages } from "./exam/collage.ts";
import type { ExamItem } from "./exam/exam.ts";
import { type Exhibit, type ExhibitSet, readExhibits, showsStranger } from "./exam/exhibit.ts";
import { type Fold, type Plan, planFolds, planHalves, type Protocol } from "./exam/folds.ts";
import { compareOutcomes } from "./figures/compare.ts";
import { type Circumstances, circumstancesOf, conditionFigures } from "./figures/conditions.ts";
import { criteriaOf } from "./figures/criteria.ts";
import { goalsOf } from "./figures/goals.ts";
import { measure, UNPARSEABLE } from "./figures/measure.ts";
import { decisionOf, isRight, type Learnt, type Outcome, topOf } from "./figures/outcome.ts";
import { examineTextModel, findTextModel, type TextModelReport } from "./figures/text-models.ts";
import { notesOn } from "./notes.ts";
import { percentiles } from "./statistics/percentiles.ts";

export interface EvaluateOptions {
  readonly datasetDir: string;
  /** One to six, as --recognizer names them. */
  readonly recognizers: readonly string[];
  /** Models that tidy captions, as --text-model names them. */
  readonly textModels?: readonly string[] | undefined;
  readonly protocol: Protocol;
  /** Only these subjects, and strangers. */
  readonly labels?: readonly string[] | undefined;
  readonly seed: number;
  /** From which score on somebody counts as named, 0 to 1. */
  readonly threshold: number;
  /** Whose model in force `current` is. */
  readonly showDir: string;
  /** As it was typed, for the report. */
  readonly command: string;
  /** Called with the share that is done, 0 to 1, and a word about what is being done. */
  readonly onProgress?: (share: number, doing: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const COLLAGES = 60;
const COLLAGE_FOLDS = 4;
const TIMED_LOOKS = 100;

/**
 * Asks recognizers about the pictures of a data set and reports what can be said of the answers.
 * @throws UserError where the data set, the protocol or a recognizer cannot be used
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { datasetDir, protocol, recognizers, seed, threshold, signal } = options;
  const startedAt = new Date();
  const startedMs = performance.now();
  const set = await readExhibits(datasetDir, options.labels);
  const plan = planFolds(set.exhibits, protocol);
  const asked = [...new Set(plan.folds.flatMap(({ test }) => test))];
  const circumstances = await lookAround(asked, signal);
  const dataset = await readDataset(datasetDir);
  await findAll(options, set.labels);
  const { hash } = await datasetVersion(dataset, signal ? { signal } : {});
  const session: Session = { options, set, plan, asked, circumstances, datasetHash: hash };
  const names = recognizers;
  const textModels = options.textModels ?? [];
  const parts = names.length + textModels.length;
  const results: Result[] = [];
  for (const [index, name] of names.entries()) {
    const contestant = await openContestant(name, { ...options, labels: set.labels });
    try {
      results.push(
        await examine(contestant, session, (share, doing) =>
          options.onProgress?.((index + share) / parts, doing),
        ),
      );
    } finally {
      await contestant.close();
    }
  }
  const [first, second, ...further] = results;
  if (!first) throw new UserError("--recognizer: name at least one recognizer");
  const againstFirst = (other: Result) =>
    other === first ? null : (compareOutcomes(first.outcomes, other.outcomes, { threshold, seed }) ?? null);
  const texts: TextModelReport[] = [];
  for (const [index, name] of textModels.entries()) {
    const onProgress = (share: number) =>
      options.onProgress?.((names.length + index + share) / parts, `${name}: tidying captions`);
    texts.push(await examineTextModel(name, { signal, onProgress }));
  }
  return {
    format: EVALUATION_FORMAT,
    protocol,
    threshold,
    seed,
    command: options.command,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    dataset: { hash, dir: datasetDir, ...(await datasetCard(session)) },
    machine: describeMachine(),
    versions: { node: process.versions.node },
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    ...first.report,
    second: second?.report ?? null,
    comparison: second ? againstFirst(second) : null,
    further: further.map(({ report }) => report),
    recognizers: results.map((result) => ({
      ...criteriaOf(result.report),
      againstFirst: againstFirst(result),
    })),
    textModels: texts,
  };
}

/** A wrong address should not come to light once the others have been examined, which takes minutes. */
async function findAll(options: EvaluateOptions, labels: readonly string[]): Promise<void> {
  const { recognizers, textModels = [], signal } = options;
  if (recognizers.length + textModels.length < 2) return;
  for (const name of recognizers) await (await openContestant(name, { ...options, labels })).close();
  for (const name of textModels) await findTextModel(name, { signal });
}

interface Session {
  readonly options: EvaluateOptions;
  readonly set: ExhibitSet;
  readonly plan: Plan;
  readonly asked: readonly Exhibit[];
  readonly circumstances: ReadonlyMap<Exhibit, Circumstances>;
  readonly datasetHash: string;
}

interface Result {
  readonly outcomes: readonly Outcome[];
  readonly report: RecognizerReport;
}

/** Everything that one recognizer is asked. */
async function examine(
  contestant: Contestant,
  { options, set, plan, asked, circumstances, datasetHash }: Session,
  onProgress: (share: number, doing: string) => void,
): Promise<Result> {
  const { protocol, seed, threshold, signal } = options;
  const { name } = contestant.card;
  const part = (from: number, to: number, doing: string) => ({
    signal,
    onProgress: (share: number) => onProgress(from + share * (to - from), `${name}: ${doing}`),
  });
  const backgrounds = new Backgrounds(plan.folds);
  const answers = await contestant.answer(backgrounds.besides(), part(0, 0.45, "asking about each picture"));
  const outcomes = outcomesOf(plan.folds, answers);
  const unseen =
    protocol === "split" ? plan.folds : planHalves(set.exhibits, { count: COLLAGE_FOLDS, seed }).folds;
  const collageFolds = planCollages(unseen, { count: COLLAGES, seed });
  const laid = await contestant.answer(collageFolds, part(0.45, 0.6, "several in one picture"));
  const collages = [...laid].map(([collage, answer]) => ({ collage, answer }));
  const hollow = contestant.card.learns
    ? await contestant.answer(backgrounds.alone(), part(0.6, 0.9, "learning the background alone"))
    : undefined;
  const only = backgrounds.share(answers);
  const background = {
    backgroundOnly: only?.share ?? null,
    backgroundInterval: only?.interval ?? null,
    backgroundLearnt: (hollow && backgrounds.share(hollow)?.share) ?? null,
    backgroundFrom: backgrounds.from,
  };
  const training = [...new Set(plan.folds.flatMap(({ train }) => train))];
  const looks = spread(asked, TIMED_LOOKS);
  const times = await contestant.time(looks, training, part(0.9, 1, "timing"));
  const figures = measure(outcomes, collages, { labels: set.labels, threshold, seed });
  const spent = percentiles(times);
  const right = (outcome: Outcome) => isRight(outcome, threshold);
  const partial = {
    ...figures,
    recognizer: contestant.card,
    controls: { ...figures.controls, ...background },
    latencyMs: spent
      ? {
          ...spent,
          of: contestant.card.kind === "served" ? SERVED_TIME : OWN_TIME,
          load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
          values: times.map((ms) => Math.round(ms * 100) / 100),
        }
      : null,
    conditions: conditionFigures(
      outcomes.flatMap((outcome) => {
        const around = circumstances.get(outcome.exhibit);
        return around ? [{ circumstances: around, right: right(outcome) }] : [];
      }),
    ),
    pictures: outcomes.map((outcome) => pictureReport(outcome, { threshold, circumstances })),
  };
  const goals = goalsOf(partial, protocol);
  return {
    outcomes,
    report: { ...partial, goals, notes: notesOn(partial, { plan, set, protocol, datasetHash }) },
  };
}

const SERVED_TIME = "from the JPEG that is sent to the answer, over the network";
const OWN_TIME = "from decoded pixels to the answer, one picture at a time, in this process";

function outcomesOf(folds: readonly Fold[], answers: ReadonlyMap<ExamItem, Answer>): Outcome[] {
  return folds.flatMap(({ train, test }) => {
    const learnt = learntFrom(train);
    return test.flatMap((exhibit) => {
      const answer = answers.get(exhibit);
      return answer ? [{ exhibit, scene: exhibit.scene, answer, learnt }] : [];
    });
  });
}

function learntFrom(train: readonly Exhibit[]): Learnt {
  const counts = new Map<string, number>();
  for (const { present } of train)
    for (const label of present) counts.set(label, (counts.get(label) ?? 0) + 1);
  return { counts, scenes: new Set(train.map(({ scene }) => scene)) };
}

function pictureReport(
  outcome: Outcome,
  { threshold, circumstances }: { threshold: number; circumstances: Session["circumstances"] },
): RecognizerReport["pictures"][number] {
  const { exhibit, answer } = outcome;
  const top = topOf(answer);
  const around = circumstances.get(exhibit);
  if (!around) throw new Error(`nobody has looked around in ${exhibit.fileName}`);
  const { box } = top ?? {};
  return {
    file: exhibit.fileName,
    place: exhibit.place,
    scene: exhibit.scene,
    truth: exhibit.present,
    guess: decisionOf(answer, { threshold, unknown: UNKNOWN_LABEL }) ?? UNPARSEABLE,
    top: top?.label ?? null,
    score: top?.score ?? 0,
    unknown: answer.unknown,
    right: isRight(outcome, threshold),
    box: box ? [box.left, box.top, box.width, box.height] : null,
    circumstances: around,
  };
}

async function lookAround(
  asked: readonly Exhibit[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Exhibit, Circumstances>> {
  const found = new Map<Exhibit, Circumstances>();
  for (const exhibit of asked) {
    signal?.throwIfAborted();
    const sample = await exhibit.load();
    const framed = exhibit.objects?.[0]?.box.width ?? 0;
    const shown = sample.objects?.[0]?.box.width ?? 0;
    const factor = framed > 0 && shown > 0 ? framed / shown : 1;
    found.set(exhibit, circumstancesOf(sample, { factor, subjects: exhibit.present.length }));
  }
  return found;
}

async function datasetCard({
  options,
  set,
  plan,
  asked,
}: Session): Promise<Omit<EvaluationReport["dataset"], "hash" | "dir">> {
  const { exhibits, labels, leftOut } = set;
  const files = await readdir(options.datasetDir);
  const count = (which: (exhibit: Exhibit) => boolean) => exhibits.filter(which).length;
  return {
    labels,
    pictures: exhibits.length,
    asked: asked.length,
    scenes: new Set(exhibits.map(({ scene }) => scene)).size,
    strangers: count(showsStranger),
    golden: count(({ split }) => split === "golden"),
    framed: count(({ objects }) => objects !== undefined),
    leftOut,
    untestable: plan.untestable.map(({ fileName }) => fileName),
    picturesByLabel: Object.fromEntries(
      labels.map((label) => [label, count(({ present }) => present.includes(label))]),
    ),
    licenceFiles: files.filter((file) => /licen[cs]e/i.test(file)).sort(),
  };
}

/** At most so many, from all over the list. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const count = Math.min(most, items.length);
  return Array.from(
    { length: count },
    (_, index) => items[Math.floor((index * items.length) / count)] as Item,
  );
}
