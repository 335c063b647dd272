import { create } from "@bufbuild/protobuf";
import { PresenceFilter } from "@followspot/presence";
import { openUnderstudy, type PictureRecognition, type Understudy } from "@followspot/recognition";
import { CAST, DURATION_MS, ShowRenderer, timeline, type TruthSecond } from "@followspot/sample-show";
import { readShow } from "@followspot/show";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import sharp from "sharp";
import { type BenchOptions, SEED } from "../bench-context.ts";
import { describeMachine, describeRecognitionVersions } from "../machine.ts";
import type { SampleShowReport } from "../report.ts";
import { SAMPLE_SHOW_DIR } from "../sample-show-dir.ts";
import { STAGE_SIZE } from "../stage-pictures.ts";
import { summarize } from "../summary.ts";
import { ConditionTallies } from "./condition-tallies.ts";
import { LabelTally } from "./label-score.ts";

const LOOKS_PER_SECOND = { usual: 5, quick: 2 };
const PRESENT_FROM = 0.5;
const GOAL = 0.85;
/**
 * Labels right per second of the sample show: every picture goes through the understudy and the presence filter, on
 * the show's own time, as fast as the machine can; what the filter says at the end of a second is held against the
 * ground truth. No queue, no network, no lost frames: this is about recognition alone.
 */
export async function sampleShow(options: BenchOptions): Promise<SampleShowReport> {
  const { say = () => {} } = options;
  const startedAt = new Date();
  const labels = CAST.map(({ id }) => id);
  const understudy = await openUnderstudy(SAMPLE_SHOW_DIR);
  const renderer = new ShowRenderer(STAGE_SIZE);
  say("computing the ground truth");
  const truth = (await timeline()).slice(0, options.seconds ?? DURATION_MS / 1_000);
  const looks = LOOKS_PER_SECOND[options.quick ? "quick" : "usual"];

  const { presence } = await readShow(SAMPLE_SHOW_DIR);
  const filter = new PresenceFilter({ ...presence, labels });
  const tallies = {
    settled: new LabelTally(labels),
    strict: new LabelTally(labels),
    perFrame: new LabelTally(labels),
  };
  const conditions = { byLight: new ConditionTallies(labels), byScene: new ConditionTallies(labels) };
  const modelMs: number[] = [];
  for (const second of truth) {
    let middle: PictureRecognition | undefined;
    for (let look = 0; look < looks; look += 1) {
      const timeMs = second.second * 1_000 + (look * 1_000) / looks;
      const jpeg = await renderer.renderJpeg(timeMs);
      const result = await understudy.recognize(jpeg);
      modelMs.push(result.modelMs);
      if (look === Math.floor(looks / 2)) middle = result;
      const light = await meanLuma(jpeg);
      filter.observe(toObservation(understudy, result, { timeMs, sequence: modelMs.length, light }));
    }
    if (second.second % 10 === 9) say(`${second.second + 1} of ${truth.length} s of the show`);
    // In darkness nobody can be seen, and the filter says so.
    if (second.dark) continue;
    judge(second, { filter, middle, tallies, ...conditions });
  }
  return {
    bench: "sample-show",
    machine: describeMachine(),
    versions: describeRecognitionVersions(),
    seed: SEED,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
    conditions: [
      `${STAGE_SIZE.width} x ${STAGE_SIZE.height} JPEG, ${looks} pictures a second of show, ${truth.length} s; dark seconds are left out.`,
      `The understudy ${understudy.version}, trained from the data set alone: other poses, places and lights than the show's.`,
      "What the presence filter (with the settings of the show) says at the end of a second is held against the truth in its middle.",
      "settled leaves out, second by second, labels that cross the rule of truth (a quarter of the silhouette visible) just then; strict does not.",
      `perFrame is one picture in the middle of the second, without the filter, a label counted from ${PRESENT_FROM} on.`,
    ],
    goals: [
      { goal: `macro-F1 >= ${GOAL}`, value: tallies.settled.macroF1, met: tallies.settled.macroF1 >= GOAL },
    ],
    macroF1: tallies.settled.macroF1,
    byLabel: tallies.settled.byLabel,
    strict: { macroF1: tallies.strict.macroF1 },
    perFrame: { macroF1: tallies.perFrame.macroF1 },
    byLight: conditions.byLight.scores,
    byScene: conditions.byScene.scores,
    modelMs: summarize(modelMs),
    n: modelMs.length,
  };
}

function judge(
  second: TruthSecond,
  {
    filter,
    middle,
    tallies,
    byLight,
    byScene,
  }: {
    readonly filter: PresenceFilter;
    readonly middle: PictureRecognition | undefined;
    readonly tallies: Record<"settled" | "strict" | "perFrame", LabelTally>;
    readonly byLight: ConditionTallies;
    readonly byScene: ConditionTallies;
  },
): void {
  const onStage = new Set(second.onStage);
  const changing = new Set(second.changing);
  const standing = filter.standings().filter(({ state }) => state === "PRESENT");
  const said = new Set(standing.map(({ label }) => label));
  const seen = middle?.labels.filter(({ score }) => score >= PRESENT_FROM) ?? [];
  tallies.settled.count(said, onStage, changing);
  tallies.strict.count(said, onStage);
  tallies.perFrame.count(new Set(seen.map(({ label }) => label)), onStage, changing);
  byLight.of(second.lightName).count(said, onStage, changing);
  byScene.of(second.scene).count(said, onStage, changing);
}

function toObservation(
  { version, model }: Understudy,
  result: PictureRecognition,
  { timeMs, sequence, light }: { readonly timeMs: number; readonly sequence: number; readonly light: number },
): Observation {
  return create(ObservationSchema, {
    frame: { cameraId: "stage", run: 1, sequence, capturedAtMs: timeMs },
    width: result.width,
    height: result.height,
    labels: result.labels.map(({ label, score, raw }) => ({ label, score, raw })),
    unknown: result.unknown,
    recognizer: { name: "understudy", version, rung: "understudy", accuracy: model.accuracy?.top1 ?? 0 },
    light,
    modelMs: result.modelMs,
  });
}

async function meanLuma(jpeg: Buffer): Promise<number> {
  const { channels } = await sharp(jpeg).resize(32, 18, { fit: "fill" }).greyscale().stats();
  // stats() looks at the picture as it came: its channels are red, green and blue.
  const [red, green, blue] = channels.map(({ mean }) => mean / 255);
  return 0.299 * (red ?? 0) + 0.587 * (green ?? red ?? 0) + 0.114 * (blue ?? red ?? 0);
}
