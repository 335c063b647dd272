import { join } from "node:path";
import { datasetVersion, readDataset } from "@followspot/dataset";
import { SeededRandom, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import {
  type Calibration,
  calibrated,
  calibrationHash,
  type Evidence,
  fitCalibration,
  type FittedLines,
} from "@followspot/vision-language";
import { parseServedPlace } from "../contestants/served-place.ts";
import { openServedRecognizer } from "../contestants/served-recognizer.ts";
import { type Exhibit, readExhibits, showsOne, showsStranger } from "../exam/exhibit.ts";
import { calibrationBins, type Claim, expectedCalibrationError } from "../statistics/calibration-error.ts";

export interface CalibrateOptions {
  /** `grpc://host:port/model?ask=score`, as evaluate's --recognizer names it. */
  readonly recognizer: string;
  readonly datasetDir: string;
  readonly showDir: string;
  readonly labels?: readonly string[] | undefined;
  readonly seed: number;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface CalibrationReport {
  readonly calibration: Calibration;
  readonly hash: string;
  /** Pictures that were asked about, and those of them whose answer could not be read. */
  readonly pictures: number;
  readonly unreadable: number;
  /** Scores that the model itself gave: those are calibrated. With `verify` the others are the understudy's word. */
  readonly judged: number;
  readonly scenes: number;
  /** Whether only pictures for testing were asked about, as the model may have learnt from the others. */
  readonly onlyTest: boolean;
  /** Of the scores that it gave, on pictures of scenes that the lines were not fitted on. */
  readonly before: HeldOut;
  readonly after: HeldOut;
}

export interface HeldOut {
  /** Expected calibration error of "is this one in the picture?", over all labels. */
  readonly ece: number;
  /** Mean negative logarithm of the probability given to what was true, in nats. */
  readonly logLoss: number;
}

interface Look {
  readonly exhibit: Exhibit;
  readonly evidence: readonly LookedAt[];
}

interface LookedAt extends Evidence {
  /** By the model itself: its word is what is calibrated. */
  readonly judged: boolean;
}

const FOLDS = 5;
const LEAST_SCENES = 2;
const LEAST_PROBABILITY = 1e-6;

/**
 * Asks a served recognizer about every picture and fits what its scores are worth, scene by scene held out for the
 * figures. The lines that are returned are fitted on all.
 * @throws UserError where the recognizer cannot be calibrated, or the data set is too small
 */
export async function calibrate(options: CalibrateOptions): Promise<CalibrationReport> {
  const { recognizer: name, datasetDir, showDir, seed, signal, onProgress = () => {} } = options;
  const place = parseServedPlace(name);
  if (!place) {
    throw new UserError(
      `--recognizer: "${name}" cannot be calibrated: write grpc://host:port/model or openai:http://host:port/model; an understudy calibrates itself when it is trained`,
    );
  }
  const { exhibits, labels } = await readExhibits(datasetDir, options.labels);
  const { chosen, onlyTest } = chosenFrom(exhibits);
  const served = await openServedRecognizer(
    name,
    { ...place, calibration: "none" },
    { showDir, labels, signal },
  );
  try {
    const { recognizer } = served;
    if (recognizer.calibratedByServer) {
      throw new UserError(
        `--recognizer: ${name} answers with calibrated scores: its own server applies a calibration, take that away first`,
      );
    }
    const { conditions } = recognizer;
    if (!conditions) throw new UserError(`--recognizer: ${name} is not ready any more`);
    const looks: Look[] = [];
    let understudy: string | undefined;
    for (const [index, exhibit] of chosen.entries()) {
      signal?.throwIfAborted();
      const said = await served.ask((await exhibit.load()).picture, signal);
      if (!("unreadable" in said)) {
        looks.push({ exhibit, evidence: evidenceOf(exhibit, said) });
        understudy = said.proposedBy;
      }
      onProgress((index + 1) / chosen.length);
    }
    // Where nothing was understood there is nothing to fit, and no accuracy that should come into force.
    if (looks.length === 0) {
      throw new UserError(
        `--recognizer: ${name}: none of its ${chosen.length} answers could be read, so nothing was written: is it the right model, and are family and ask right?`,
      );
    }
    const scenes = sceneFolds(looks, seed);
    const heldOut = scenes.flatMap((fold) => {
      const rest = looks.filter((look) => !fold.includes(look));
      const lines = fitCalibration(judgedIn(rest));
      return fold.map((look) => ({ look, lines }));
    });
    const { hash: dataset } = await datasetVersion(await readDataset(datasetDir), signal ? { signal } : {});
    const calibration: Calibration = {
      version: 1,
      ...conditions,
      ...fitCalibration(judgedIn(looks)),
      accuracy: accuracyOf(heldOut),
      dataset,
      ...(understudy !== undefined && { understudy }),
    };
    return {
      calibration,
      hash: calibrationHash(calibration),
      pictures: chosen.length,
      unreadable: chosen.length - looks.length,
      judged: judgedIn(looks).length,
      scenes: new Set(looks.map(({ exhibit }) => exhibit.scene)).size,
      onlyTest,
      before: figuresOf(looks.map((look) => ({ look, lines: undefined }))),
      after: figuresOf(heldOut),
    };
  } finally {
    await served.close();
  }
}

/** The folder of a show's models: where a calibration is looked for. */
export function modelsDirOf(showDir: string): string {
  return join(showDir, "models");
}

/** A fine-tuned model may have learnt from all pictures that are not for testing: where there are such, only those. */
function chosenFrom(exhibits: readonly Exhibit[]) {
  const usable = exhibits.filter(({ split }) => split !== "golden");
  const test = usable.filter(({ split }) => split === "test");
  const onlyTest = new Set(test.map(({ scene }) => scene)).size >= LEAST_SCENES;
  const chosen = onlyTest ? test : usable;
  if (new Set(chosen.map(({ scene }) => scene)).size < LEAST_SCENES) {
    throw new UserError(
      `a calibration needs pictures of at least ${LEAST_SCENES} scenes, so that it can be tried on one that it was not fitted on`,
    );
  }
  return { chosen, onlyTest };
}

function evidenceOf(
  exhibit: Exhibit,
  said: {
    readonly labels: readonly { readonly label: string; readonly raw: number }[];
    readonly unknown: number;
    readonly judged: readonly string[];
  },
): readonly LookedAt[] {
  const strange =
    showsStranger(exhibit) || (exhibit.objects?.some(({ label }) => label === UNKNOWN_LABEL) ?? false);
  // Uncalibrated, a probability is its raw odds in another form.
  const odds = Math.log(
    Math.max(LEAST_PROBABILITY, said.unknown) / Math.max(LEAST_PROBABILITY, 1 - said.unknown),
  );
  return [
    ...said.labels.map(({ label, raw }) => ({ label, raw, present: exhibit.present.includes(label) })),
    { label: UNKNOWN_LABEL, raw: odds, present: strange },
  ].map((one) => ({ ...one, judged: said.judged.includes(one.label) }));
}

function judgedIn(looks: readonly Look[]): readonly Evidence[] {
  return looks.flatMap(({ evidence }) => evidence.filter(({ judged }) => judged));
}

/** Whole scenes, dealt to a few folds; the largest first, each to the fold that has least. */
function sceneFolds(looks: readonly Look[], seed: number): readonly (readonly Look[])[] {
  const scenes = [...Map.groupBy(looks, ({ exhibit }) => exhibit.scene).values()];
  new SeededRandom(seed).shuffle(scenes);
  scenes.sort((a, b) => b.length - a.length);
  const folds = Array.from({ length: Math.min(FOLDS, scenes.length) }, (): Look[] => []);
  for (const scene of scenes) folds.toSorted((a, b) => a.length - b.length)[0]?.push(...scene);
  return folds;
}

interface Judged {
  readonly look: Look;
  /** Fitted on other scenes; undefined: nothing is calibrated. */
  readonly lines: FittedLines | undefined;
}

function probabilityOf({ label, raw, judged }: LookedAt, lines: FittedLines | undefined): number {
  // Who keeps somebody's calibrated word keeps it as it is.
  if (!lines || !judged) return calibrated({ slope: 1, offset: 0 }, raw);
  if (label === UNKNOWN_LABEL) return calibrated(lines.unknown, raw);
  return calibrated(lines.labels[label] ?? lines.global, raw);
}

function figuresOf(judged: readonly Judged[]): HeldOut {
  const claims: Claim[] = [];
  let loss = 0;
  for (const { look, lines } of judged) {
    for (const one of look.evidence.filter(({ judged }) => judged)) {
      const confidence = probabilityOf(one, lines);
      claims.push({ confidence, right: one.present });
      loss -= Math.log(Math.max(LEAST_PROBABILITY, one.present ? confidence : 1 - confidence));
    }
  }
  return {
    ece: expectedCalibrationError(calibrationBins(claims)) ?? 0,
    logLoss: claims.length === 0 ? 0 : loss / claims.length,
  };
}

/** Share of the pictures of one subject whose most probable label, by lines fitted on other scenes, is right. */
function accuracyOf(judged: readonly Judged[]): number {
  const single = judged.filter(({ look }) => showsOne(look.exhibit));
  if (single.length === 0) return 0;
  const right = single.filter(({ look: { exhibit, evidence }, lines }) => {
    const cast = evidence.filter(({ label }) => label !== UNKNOWN_LABEL);
    const best = Math.max(...cast.map((one) => probabilityOf(one, lines)));
    const top = cast.filter((one) => probabilityOf(one, lines) === best);
    // Several equally probable ones are no answer.
    return top.length === 1 && top[0]?.label === exhibit.present[0];
  });
  return Math.round((right.length / single.length) * 10_000) / 10_000;
}
