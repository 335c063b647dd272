import type { Box, LabelledBox, Picture } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import { clipBox, growBox, overlapArea } from "./boxes.ts";
import { breathe } from "./breathe.ts";
import { findCandidates } from "./candidates.ts";
import { type DescribedSample, PICTURE_CANDIDATES } from "./describe-samples.ts";
import { type Eye, ownEye } from "./eye.ts";
import { estimateLight, relight } from "./light.ts";
import { resample } from "./resample.ts";
import type { TrainingSample } from "./training-sample.ts";

/** Picture of a stage, in pixels. */
const [WIDTH, HEIGHT] = [640, 360];
const STAGES = 24;
/** Longer side of a guest, as a share of the stage's. */
const SMALLEST = 0.05;
const LARGEST = 0.3;
const MOST_GUESTS = 4;
const MARGIN = 1.1;
/** Who is covered by more than this cannot be seen. */
const HIDDEN = 0.6;

/** A made-up stage, and who can be seen on it. */
export interface PracticeStage extends Pick<DescribedSample, "scene" | "candidates"> {
  readonly present: ReadonlySet<string>;
}

type Framed = TrainingSample & { readonly objects: readonly LabelledBox[] };

export interface PracticeOptions {
  readonly seed: number;
  readonly eye?: Eye;
  readonly signal?: AbortSignal;
}

/**
 * What a camera sees of a stage, made from photographs: four of them side by side, and before them a few of the same
 * scene's subjects, small. Whoever has only been asked about photographs of one is too sure, or not sure enough, where
 * many stand together far away. Nothing where nobody is framed.
 */
export async function describePractice(
  samples: readonly TrainingSample[],
  { seed, eye = ownEye, signal }: PracticeOptions,
): Promise<PracticeStage[]> {
  const framed = samples.filter((sample): sample is Framed => (sample.objects?.length ?? 0) > 0);
  const scenes = [...Map.groupBy(framed, ({ scene }) => scene).values()];
  const random = new SeededRandom(seed);
  const described: PracticeStage[] = [];
  for (let stage = 0; stage < STAGES && scenes.length > 0; stage++) {
    const cast = halfOf(scenes[stage % scenes.length] as Framed[], random);
    if (cast.length === 0) continue;
    const { picture, standing } = setStage(cast, random);
    const seen = standing.filter(({ covered }) => covered <= HIDDEN);
    const candidates = await findCandidates(eye, picture, { limit: PICTURE_CANDIDATES, both: false });
    described.push({
      scene: cast[0]?.scene ?? "",
      candidates,
      present: new Set(seen.map(({ label }) => label)),
    });
    await breathe(signal);
  }
  return described;
}

/** The pictures of a scene in which nobody is but one half of its labels: the other half is not on this stage. */
function halfOf(scene: readonly Framed[], random: SeededRandom): Framed[] {
  const labels = [...new Set(scene.flatMap(({ objects }) => objects.map(({ label }) => label)))].sort();
  random.shuffle(labels);
  const half = new Set(labels.slice(0, Math.ceil(labels.length / 2)));
  return scene.filter(({ objects }) => objects.every(({ label }) => half.has(label)));
}

interface Standing {
  readonly label: string;
  readonly box: Box;
  covered: number;
}

function setStage(
  cast: readonly Framed[],
  random: SeededRandom,
): { readonly picture: Picture; readonly standing: readonly Standing[] } {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const standing: Standing[] = [];
  const [tileWidth, tileHeight] = [WIDTH / 2, HEIGHT / 2];
  for (let quarter = 0; quarter < 4; quarter++) {
    const { picture, objects } = cast[random.below(cast.length)] as Framed;
    const [left, top] = [(quarter % 2) * tileWidth, (quarter >> 1) * tileHeight];
    const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
    const tile = resample(picture, whole, { width: tileWidth, height: tileHeight });
    paste(rgb, relight(tile, estimateLight(picture)), { left, top });
    const [x, y] = [tileWidth / picture.width, tileHeight / picture.height];
    for (const { label, box } of objects) {
      const place = {
        left: left + box.left * x,
        top: top + box.top * y,
        width: box.width * x,
        height: box.height * y,
      };
      standing.push({ label, box: place, covered: 0 });
    }
  }
  for (let guest = random.below(MOST_GUESTS + 1); guest > 0; guest--) {
    const { picture, objects } = cast[random.below(cast.length)] as Framed;
    const { label, box } = objects[random.below(objects.length)] as LabelledBox;
    const from = clipBox(growBox(box, MARGIN), picture.width, picture.height);
    const side = WIDTH * Math.exp(random.between(Math.log(SMALLEST), Math.log(LARGEST)));
    const scale = side / Math.max(from.width, from.height, 1);
    const width = Math.max(6, Math.round(from.width * scale));
    const height = Math.max(6, Math.min(HEIGHT, Math.round(from.height * scale)));
    const left = random.below(WIDTH - width + 1);
    const top = random.below(HEIGHT - height + 1);
    paste(rgb, relight(resample(picture, from, { width, height }), estimateLight(picture)), { left, top });
    const place = { left, top, width, height };
    for (const other of standing) {
      other.covered += overlapArea(other.box, place) / Math.max(1, other.box.width * other.box.height);
    }
    standing.push({ label, box: place, covered: 0 });
  }
  return { picture: { rgb, width: WIDTH, height: HEIGHT }, standing };
}

function paste(
  rgb: Uint8Array,
  tile: Picture,
  { left, top }: { readonly left: number; readonly top: number },
): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.rgb.subarray(y * tile.width * 3, (y + 1) * tile.width * 3);
    rgb.set(row, ((top + y) * WIDTH + left) * 3);
  }
}
