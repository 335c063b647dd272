import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchOptions, SEED } from "../bench-context.ts";
import { BenchProcess } from "../bench-process.ts";
import { describeMachine, describeRecognitionVersions } from "../machine.ts";
import type {
  LoadedModel,
  LookCost,
  MemoryUse,
  PictureToLookAt,
  TrainingCost,
} from "../processes/recognizing.ts";
import { SAMPLE_SHOW_DIR } from "../sample-show-dir.ts";
import { STAGE_SIZE } from "../stage-pictures.ts";
import { summarize } from "../summary.ts";
import { paintTroupe } from "./paint-troupe.ts";
import { findPictures, renderToFiles } from "./pictures-to-look-at.ts";
import type { Looking, RecognizeReport } from "./recognize-report.ts";

const GOAL = { frameMs: 40, cropMs: 10, trainingSeconds: 10 };
const TROUPE = { subjects: 30, picturesEach: 6, seed: SEED };
const PICTURES = { usual: 300, quick: 40 };
const EVERY_MS = { usual: 250, quick: 2_000 };
const WARM_UP_LOOKS = 6;
/** The first training of a version may be slow; what hangs for longer than this is broken. */
const TRAINING_DEADLINE_MS = 30 * 60_000;

/**
 * What the understudy costs: looking at a picture and at a subject cut out of one, decoding, training, memory. It runs
 * in a process of its own, one picture after the other, as on one core.
 */
export async function recognize(options: BenchOptions): Promise<RecognizeReport> {
  const { say = () => {}, quick = false, pictures } = options;
  const startedAt = new Date();
  const dir = await mkdtemp(join(tmpdir(), "followspot-bench-"));
  try {
    const atMost = PICTURES[quick ? "quick" : "usual"];
    say("rendering the sample show");
    const stage = await renderToFiles(dir, { atMost, everyMs: EVERY_MS[quick ? "quick" : "usual"] });
    const photographs = await findPictures(join(SAMPLE_SHOW_DIR, "dataset"), atMost);
    const own = pictures === undefined ? undefined : await findPictures(pictures, atMost);
    const looking = await lookAtAll(
      {
        stage: {
          pictures: `the sample show, ${STAGE_SIZE.width} x ${STAGE_SIZE.height} JPEG, one to three subjects`,
          files: stage,
        },
        photographs: { pictures: "the sample show's data set, 640 x 480 JPEG", files: photographs },
        ...(own && { own: { pictures: `pictures in ${pictures}`, files: own } }),
      },
      say,
    );
    const training = await trainTroupe(join(dir, "troupe"), say);
    const sets = Object.values(looking.sets);
    return {
      bench: "recognize",
      machine: describeMachine(),
      versions: describeRecognitionVersions(),
      seed: SEED,
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
      conditions: [
        "The understudy alone in a process of its own, one picture after the other; decoding is counted apart.",
        `${WARM_UP_LOOKS} looks to warm up are not counted; the first look of a fresh process is reported apart.`,
        "A crop is one subject cut out with a margin of 5 %, and named; nobody else is looked for in it.",
        `Training is everything from the files on disk to the stored model: ${TROUPE.subjects} puppets, ${TROUPE.picturesEach} pictures each, painted in six places by a generator, boxes given.`,
        "coresUsed is CPU time of all threads over the time of looking: garbage collector and compiler included.",
      ],
      goals: [
        goal("frame p95 <= 40 ms", Math.max(...sets.map(({ frameMs }) => frameMs.p95)), GOAL.frameMs),
        goal("crop p95 <= 10 ms", Math.max(...sets.map(({ cropMs }) => cropMs.p95)), GOAL.cropMs),
        goal(
          `training ${TROUPE.subjects} x ${TROUPE.picturesEach} <= 10 s`,
          training.seconds,
          GOAL.trainingSeconds,
        ),
      ],
      ...looking,
      training,
      n: sets.reduce((sum, { n }) => sum + n, 0),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function goal(sentence: string, value: number, most: number): RecognizeReport["goals"][number] {
  return { goal: sentence, value: rounded(value), met: value <= most };
}

interface PictureSet {
  readonly pictures: string;
  readonly files: readonly PictureToLookAt[];
}

async function lookAtAll(
  pictureSets: Readonly<Record<string, PictureSet>>,
  say: (line: string) => void,
): Promise<Pick<RecognizeReport, "model" | "sets" | "firstLookMs" | "rssMb">> {
  const looker = await BenchProcess.start({
    name: "recognizing",
    entry: "packages/bench/src/processes/recognizing.ts",
    env: {},
  });
  try {
    const started = await looker.ask<MemoryUse>("memory");
    const model = await looker.ask<LoadedModel>("load", { showDir: SAMPLE_SHOW_DIR });
    const loaded = await looker.ask<MemoryUse>("memory");
    const look = (picture: PictureToLookAt) => looker.ask<LookCost>("look", { ...picture });
    const sets: Record<string, Looking> = {};
    let firstLookMs: number | undefined;
    for (const [name, { pictures, files }] of Object.entries(pictureSets)) {
      for (const file of files.slice(0, WARM_UP_LOOKS)) {
        const { frameMs } = await look(file);
        firstLookMs ??= frameMs;
      }
      const costs: { readonly subjects: string; readonly cost: LookCost }[] = [];
      for (const file of files) {
        costs.push({ subjects: String(file.boxes?.length ?? "?"), cost: await look(file) });
      }
      sets[name] = { pictures, ...sumUp(costs) };
      say(`${name}: a frame takes ${sets[name].frameMs.p50} ms (p50), ${sets[name].frameMs.p95} ms (p95)`);
    }
    const after = await looker.ask<MemoryUse>("memory");
    return {
      model,
      sets,
      firstLookMs: rounded(firstLookMs ?? 0),
      rssMb: {
        started: rounded(started.rssMb),
        modelLoaded: rounded(loaded.rssMb),
        afterLooking: rounded(after.rssMb),
        peak: rounded(after.peakMb),
      },
    };
  } finally {
    await looker.close();
  }
}

function sumUp(
  costs: readonly { readonly subjects: string; readonly cost: LookCost }[],
): Omit<Looking, "pictures"> {
  const all = costs.map(({ cost }) => cost);
  const crops = all.flatMap((cost) => cost.crops);
  const bySubjects = Map.groupBy(costs, ({ subjects }) => subjects);
  const wallMs = all.reduce((sum, cost) => sum + cost.wallMs, 0);
  return {
    n: all.length,
    side: summarize(all.map(({ side }) => side)),
    decodeMs: summarize(all.map(({ decodeMs }) => decodeMs)),
    frameMs: summarize(all.map(({ frameMs }) => frameMs)),
    bySubjects: Object.fromEntries(
      [...bySubjects]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([subjects, some]) => [subjects, summarize(some.map(({ cost }) => cost.frameMs))]),
    ),
    cropMs: summarize(crops.map(({ cropMs }) => cropMs)),
    cropSide: summarize(crops.map(({ side }) => side)),
    embedMs: summarize(crops.map(({ embedMs }) => embedMs)),
    coresUsed: wallMs === 0 ? 0 : rounded(all.reduce((sum, cost) => sum + cost.cpuMs, 0) / wallMs),
  };
}

async function trainTroupe(
  showDir: string,
  say: (line: string) => void,
): Promise<RecognizeReport["training"]> {
  say(`painting ${TROUPE.subjects} puppets`);
  await mkdir(showDir);
  const pictures = await paintTroupe(showDir, TROUPE);
  say(`training on ${pictures} pictures`);
  const trainer = await BenchProcess.start({
    name: "training",
    entry: "packages/bench/src/processes/recognizing.ts",
    env: {},
  });
  try {
    const { seconds, cpuSeconds, peakRssMb, ...others } = await trainer.ask<TrainingCost>(
      "train",
      { showDir, seed: SEED },
      { deadlineMs: TRAINING_DEADLINE_MS },
    );
    return {
      subjects: TROUPE.subjects,
      pictures,
      seconds: rounded(seconds),
      cpuSeconds: rounded(cpuSeconds),
      peakRssMb: rounded(peakRssMb),
      ...others,
    };
  } finally {
    await trainer.close();
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
