import { type Box, decodePicture, type LabelledBox, type Picture, scaleBox } from "@followspot/dataset";
import { LOOK_SIDE, proposeBoxes } from "@followspot/recognition";
import { type BenchOptions, SEED } from "../bench-context.ts";
import { describeMachine, describeRecognitionVersions } from "../machine.ts";
import { renderStagePictures, STAGE_SIZE } from "../stage-pictures.ts";
import { summarize } from "../summary.ts";
import type { ProposalSet, ProposalsReport } from "./proposals-report.ts";
import { readMaskedScenes } from "./read-masked-scenes.ts";
import { RecallTally, rankOf, tallyOf } from "./recall-tally.ts";

const MOST = 20;
const IOU = 0.5;
const EVERY_MS = { usual: 1_000, quick: 8_000 };
const WARM_UP_LOOKS = 3;
/** Upper ends of the classes of size, in pixels of the short side. */
const SIDES = [32, 64, 96, 128, 192];

/** A picture whose boxes are known, at the size at which the understudy looks at it. */
interface Known {
  readonly picture: Picture;
  readonly objects: readonly LabelledBox[];
}

/**
 * How many of the true boxes are met by the proposals, before anybody is recognized: what is not proposed cannot be
 * named. On the sample show, and on scenes of the user's with a mask for each object.
 */
export async function proposals(options: BenchOptions): Promise<ProposalsReport> {
  const { say = () => {}, scenes } = options;
  const startedAt = new Date();
  const sets: Record<string, ProposalSet> = {};
  if (scenes !== undefined) {
    sets.scenes = await measure(maskedScenes(scenes), `${scenes}: img.jpg with a mask for each object`);
    say(`recall within 10 boxes on the scenes: ${sets.scenes.recall.at10}`);
  }
  const everyMs = EVERY_MS[options.quick ? "quick" : "usual"];
  sets.stage = await measure(
    stage(everyMs, options.seconds),
    `the sample show, ${STAGE_SIZE.width} x ${STAGE_SIZE.height} JPEG, one picture in ${everyMs / 1_000} s, nothing dark`,
  );
  say(`recall within 10 boxes on the sample show: ${sets.stage.recall.at10}`);
  return {
    bench: "proposals",
    machine: describeMachine(),
    versions: describeRecognitionVersions(),
    seed: SEED,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
    conditions: [
      `A box counts as met where one of the first proposals has an intersection over union of ${IOU} or more with it.`,
      "Boxes of the sample show are round the visible part of everybody of whom a quarter or more can be seen.",
      `Pictures are looked at with a longest side of at most ${LOOK_SIDE} pixels.`,
    ],
    // Nobody has promised a figure: what is reported is what it is.
    goals: [],
    iou: IOU,
    sets,
    n: Object.values(sets).reduce((sum, { n }) => sum + n, 0),
  };
}

async function measure(pictures: AsyncIterable<Known>, description: string): Promise<ProposalSet> {
  const all = new RecallTally();
  const byLabel = new Map<string, RecallTally>();
  const bySide = new Map<string, RecallTally>(SIDES.map((side) => [`< ${side}`, new RecallTally()]));
  const ms: number[] = [];
  let n = 0;
  for await (const { picture, objects } of pictures) {
    for (let look = 0; n === 0 && look < WARM_UP_LOOKS; look++) proposeBoxes(picture, MOST);
    n += 1;
    const startedMs = performance.now();
    const boxes = proposeBoxes(picture, MOST).map(({ box }) => box);
    ms.push(performance.now() - startedMs);
    for (const { label, box } of objects) {
      const rank = rankOf(box, boxes, IOU);
      for (const tally of [all, tallyOf(byLabel, label), tallyOf(bySide, sideOf(box))]) tally.count(rank);
    }
  }
  return {
    pictures: description,
    n,
    recall: all.recall,
    byLabel: recalls([...byLabel].sort(([a], [b]) => (a < b ? -1 : 1))),
    bySide: recalls([...bySide].filter(([, tally]) => tally.recall.boxes > 0)),
    proposalsMs: summarize(ms),
  };
}

function recalls(tallies: readonly (readonly [string, RecallTally])[]): ProposalSet["byLabel"] {
  return Object.fromEntries(tallies.map(([name, { recall }]) => [name, recall]));
}

function sideOf({ width, height }: Box): string {
  const short = Math.min(width, height);
  const side = SIDES.find((end) => short < end);
  return side === undefined ? `>= ${SIDES.at(-1)}` : `< ${side}`;
}

async function* stage(everyMs: number, seconds = Number.POSITIVE_INFINITY): AsyncGenerator<Known> {
  for await (const { timeMs, jpeg, objects } of renderStagePictures({ everyMs })) {
    if (timeMs >= seconds * 1_000) return;
    yield await known(jpeg, objects);
  }
}

async function* maskedScenes(dir: string): AsyncGenerator<Known> {
  for (const { bytes, objects } of await readMaskedScenes(dir)) yield await known(bytes, objects);
}

async function known(bytes: Uint8Array, objects: readonly LabelledBox[]): Promise<Known> {
  const picture = await decodePicture(bytes, { maxSide: LOOK_SIDE });
  const factor = picture.width / picture.sourceWidth;
  return {
    picture,
    objects: objects.map(({ label, box }) => ({
      label,
      box: scaleBox(box, factor),
    })),
  };
}
