import type { SeededRandom } from "@followspot/domain";
import type { Box } from "@followspot/dataset";
import { relightAtRandom } from "./augment.ts";
import { growBox } from "./boxes.ts";
import { buildEvidence, EVIDENCE_LIMIT, MAP_COLOURS } from "./colour-map.ts";
import { breathe } from "./breathe.ts";
import type { Forest, Tree } from "./forest.ts";
import { EXAMPLE_NUMBERS, growTree, type PixelExamples } from "./grow-tree.ts";
import { copyPlaces, type Planes, toPlanes } from "./planes.ts";
import { sampleBox } from "./pyramid.ts";
import type { Framed } from "./training-sample.ts";
import type { View } from "./view.ts";

/** A forest, and for each tree the scenes that it has not seen. */
export interface LearntParts {
  readonly forest: Forest;
  /** For each scene the trees that have never seen it. */
  readonly unseenBy: ReadonlyMap<string, readonly number[]>;
}

export interface LearnOptions {
  readonly trees?: number | undefined;
  readonly random: SeededRandom;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

export const DEFAULT_TREES = 20;
const SCENE_SHARE = 0.55;
const EXAMPLES_A_TREE = 90_000;
const SUBJECT_EXAMPLES = 130_000;
const PIXELS_A_VIEW = 30;
/** Longer side of a subject in a view, in pixels. */
const SMALLEST = 18;
const LARGEST = 110;
/** Puppets turn: their pictures get narrow. */
const NARROWEST = 0.5;
const NOBODY_TO_SOMEBODY = 0.7;
const SCRAMBLED_SHARE = 0.5;

export async function learnParts(
  pictures: readonly Framed[],
  labels: number,
  { random, signal, onProgress, trees: wanted = DEFAULT_TREES }: LearnOptions,
): Promise<LearntParts> {
  const classes = labels + 2;
  const store = new PixelStore(classes - 1);
  const subjects = pictures.reduce((sum, { subjects: list }) => sum + list.length, 0);
  const views = Math.max(
    4,
    Math.min(60, Math.round(SUBJECT_EXAMPLES / PIXELS_A_VIEW / Math.max(1, subjects))),
  );
  for (const [index, picture] of pictures.entries()) {
    const mask = findSubjects(picture);
    for (const subject of picture.subjects) {
      for (let turn = 0; turn < views; turn++)
        store.addView(picture, mask, subjectView(picture.view, subject.box, random), {
          index,
          random,
          pixels: PIXELS_A_VIEW,
        });
    }
    for (let turn = 0; turn < Math.max(4, views >> 1); turn++) {
      const view = placeView(picture.view, random);
      store.addView(picture, mask, view, { index, random, pixels: PIXELS_A_VIEW * 2, onlyNobody: true });
    }
    await breathe(signal);
    onProgress((0.3 * index) / pictures.length);
  }
  const examples = store.examples();
  const scenes = [...new Set(pictures.map(({ scene }) => scene))];
  const unseenBy = new Map<string, number[]>(scenes.map((scene) => [scene, []]));
  const trees: Tree[] = [];
  for (let tree = 0; tree < wanted; tree++) {
    const seen = new Set(scenes.filter(() => random.chance(SCENE_SHARE)));
    if (seen.size === 0) seen.add(scenes[random.below(scenes.length)] as string);
    if (seen.size === scenes.length && scenes.length > 1)
      seen.delete(scenes[random.below(scenes.length)] as string);
    for (const scene of scenes) if (!seen.has(scene)) unseenBy.get(scene)?.push(tree);
    const use = store.from(random, EXAMPLES_A_TREE, (picture) => seen.has(pictures[picture]?.scene ?? ""));
    trees.push(growTree(examples, use, { classes, weights: weigh(examples.class, use, classes), random }));
    await breathe(signal);
    onProgress(0.3 + (0.7 * (tree + 1)) / wanted);
  }
  return { forest: { trees, classes }, unseenBy };
}

/** Every label counts the same, nobody as much as a little more than all of them together. */
function weigh(classOf: Uint8Array, use: Int32Array, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (const example of use)
    counts[classOf[example] as number] = (counts[classOf[example] as number] as number) + 1;
  const present = counts.subarray(0, classes - 1).filter((count) => count > 0).length;
  return Float32Array.from(counts, (count, of) => {
    if (count === 0) return 0;
    const mass = of === classes - 1 ? NOBODY_TO_SOMEBODY : 1 / Math.max(1, present);
    return (mass / count) * use.length;
  });
}

/** A piece of a picture at another size, in another light. */
interface PieceView {
  readonly planes: Planes;
  /** Where in the picture it lies. */
  readonly box: Box;
  readonly mirror: boolean;
}

function subjectView(view: View, box: Box, random: SeededRandom): PieceView {
  const side = Math.exp(random.between(Math.log(SMALLEST), Math.log(LARGEST)));
  const factor = side / Math.max(box.width, box.height);
  const around = growBox(box, 1.35);
  const narrow = random.chance(0.5) ? random.between(NARROWEST, 1) : 1;
  return pieceView(view, around, {
    width: around.width * factor * narrow,
    height: around.height * factor,
    random,
    scramble: false,
  });
}

/** The place around the subjects, any piece of it. */
function placeView(view: View, random: SeededRandom): PieceView {
  const size = random.between(0.25, 1);
  const width = view.width * size;
  const height = view.height * size;
  const box = {
    left: random.between(0, view.width - width),
    top: random.between(0, view.height - height),
    width,
    height,
  };
  const factor = Math.exp(random.between(Math.log(60), Math.log(220))) / Math.max(width, height);
  return pieceView(view, box, {
    width: width * factor,
    height: height * factor,
    random,
    scramble: random.chance(SCRAMBLED_SHARE),
  });
}

function pieceView(
  view: View,
  box: Box,
  {
    width,
    height,
    random,
    scramble,
  }: {
    readonly width: number;
    readonly height: number;
    readonly random: SeededRandom;
    readonly scramble: boolean;
  },
): PieceView {
  const mirror = random.chance(0.5);
  const piece = sampleBox(view.pyramid, box, {
    width: Math.max(8, Math.round(width)),
    height: Math.max(8, Math.round(height)),
    mirror,
  });
  relightAtRandom(piece, random, { scramble });
  return { planes: toPlanes(piece), box, mirror };
}

const UNSURE = 254;
const OUTSIDE = 255;

/** For each pixel of the colour map: a class, UNSURE, or OUTSIDE of all boxes. */
function findSubjects({ view, subjects, sure }: Framed): Uint8Array {
  const { colours, width, height, scale } = view.colours;
  const mask = new Uint8Array(width * height).fill(OUTSIDE);
  const outside = new Float32Array(MAP_COLOURS);
  const inside = subjects.map(() => new Float32Array(MAP_COLOURS));
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const colour = colours[pixel] as number;
      let free = true;
      for (const [index, { box }] of subjects.entries()) {
        const dx = ((x + 0.5) * scale - box.left) / box.width - 0.5;
        const dy = ((y + 0.5) * scale - box.top) / box.height - 0.5;
        if (Math.abs(dx) > 0.54 || Math.abs(dy) > 0.54) continue;
        free = false;
        const of = inside[index] as Float32Array;
        if (dx * dx + dy * dy < 0.16) of[colour] = (of[colour] as number) + 1;
      }
      if (free) outside[colour] = (outside[colour] as number) + 1;
    }
  }
  for (const [index, { box, label }] of subjects.entries()) {
    const table = buildEvidence(inside[index] as Float32Array, outside);
    const left = Math.max(1, Math.ceil(box.left / scale));
    const right = Math.min(width - 2, Math.floor((box.left + box.width) / scale));
    const top = Math.max(1, Math.ceil(box.top / scale));
    const bottom = Math.min(height - 2, Math.floor((box.top + box.height) / scale));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        let sum = 0;
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++)
            sum += table[colours[(y + dy) * width + x + dx] as number] as number;
        const evidence = sum / 9 / EVIDENCE_LIMIT;
        mask[y * width + x] = evidence > 0.12 ? label : evidence < -0.25 && sure ? OUTSIDE : UNSURE;
      }
    }
  }
  return mask;
}

/** Grows as examples come. */
class PixelStore {
  readonly #origin: number[] = [];
  readonly #class: number[] = [];
  readonly #nobody: number;
  #around = new Uint8Array(EXAMPLE_NUMBERS * 4_096);

  /** @param nobody the number of that class. */
  constructor(nobody: number) {
    this.#nobody = nobody;
  }

  addView(
    { view, sure }: Framed,
    mask: Uint8Array,
    { planes, box, mirror }: PieceView,
    {
      index,
      random,
      pixels,
      onlyNobody = false,
    }: {
      readonly index: number;
      readonly random: SeededRandom;
      readonly pixels: number;
      readonly onlyNobody?: boolean;
    },
  ): void {
    const { width, height, scale } = view.colours;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const x = random.below(planes.width);
      const y = random.below(planes.height);
      const share = (x + 0.5) / planes.width;
      const mapX = Math.floor((box.left + box.width * (mirror ? 1 - share : share)) / scale);
      const mapY = Math.floor((box.top + (box.height * (y + 0.5)) / planes.height) / scale);
      if (mapX < 0 || mapY < 0 || mapX >= width || mapY >= height) continue;
      const found = mask[mapY * width + mapX] as number;
      if (found === UNSURE) continue;
      if (onlyNobody ? found !== OUTSIDE : found === OUTSIDE && !sure) continue;
      this.#add(planes, { x, y, of: found === OUTSIDE ? this.#nobody : found, index });
    }
  }

  #add(
    planes: Planes,
    {
      x,
      y,
      of,
      index,
    }: { readonly x: number; readonly y: number; readonly of: number; readonly index: number },
  ): void {
    const to = this.#class.length * EXAMPLE_NUMBERS;
    if (to + EXAMPLE_NUMBERS > this.#around.length) {
      const larger = new Uint8Array(this.#around.length * 2);
      larger.set(this.#around);
      this.#around = larger;
    }
    copyPlaces(planes, x, y, this.#around, to);
    this.#class.push(of);
    this.#origin.push(index);
  }

  examples(): PixelExamples {
    return { around: this.#around, class: Uint8Array.from(this.#class) };
  }

  /** Up to `limit` examples from pictures that are wanted. */
  from(random: SeededRandom, limit: number, wanted: (picture: number) => boolean): Int32Array {
    const use: number[] = [];
    for (const [example, picture] of this.#origin.entries()) if (wanted(picture)) use.push(example);
    random.shuffle(use);
    return Int32Array.from(use.slice(0, limit));
  }
}
