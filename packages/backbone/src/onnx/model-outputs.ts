import type { ModelInput } from "./model-input.ts";

/** A float output of a run. */
export interface Output {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Which outputs say where things are, and how. */
export type Detector =
  /** One row per place of a grid: centre, size, objectness, classes. */
  | { readonly kind: "grid"; readonly name: string }
  | { readonly kind: "boxes"; readonly boxes: string; readonly scores: string };

export interface ModelOutputs {
  readonly detector: Detector | undefined;
  /** Names of the outputs that describe the picture: maps, tokens or vectors. */
  readonly features: readonly string[];
}

/** Pixels between two places of a detector's grids. */
const STRIDES = [8, 16, 32] as const;

/** Tells by their shapes what a network's outputs are; `outputs` come from a run on any picture. */
export function sortOutputs(outputs: readonly Output[], input: ModelInput): ModelOutputs {
  const grid = outputs.find(({ dims }) => {
    const [batch, places, columns] = dims;
    return dims.length === 3 && batch === 1 && places === gridPlaces(input) && (columns ?? 0) >= 6;
  });
  const boxes = outputs.find(({ dims }) => dims.length >= 2 && dims.length <= 3 && dims.at(-1) === 4);
  const scores = boxes && outputs.find((other) => other !== boxes && scoresFit(other, boxes));
  const detector: Detector | undefined = grid
    ? { kind: "grid", name: grid.name }
    : scores && { kind: "boxes", boxes: boxes.name, scores: scores.name };
  const features = outputs
    .filter((output) => output !== grid && (!scores || (output !== boxes && output !== scores)))
    .filter(({ dims }) => dims.length >= 2 && dims.length <= 4 && dims[0] === 1)
    .map(({ name }) => name);
  return { detector, features };
}

/** Rows of a detector's answer: its grids one after another, the finest first. */
export function gridPlaces({ width, height }: ModelInput): number {
  return STRIDES.reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0);
}

/** Column, row and stride of every place of the grids. */
export function* placesOfGrid({ width, height }: ModelInput): Generator<readonly [number, number, number]> {
  for (const stride of STRIDES) {
    const columns = Math.floor(width / stride);
    const rows = Math.floor(height / stride);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) yield [column, row, stride];
    }
  }
}

/** As many scores as boxes, or so many for each of several classes. */
function scoresFit({ dims }: Output, { dims: boxDims }: Output): boolean {
  const places = boxDims.at(-2) ?? 0;
  const own = dims.length > 1 && dims[0] === 1 ? dims.slice(1) : dims;
  return own.length >= 1 && own.length <= 2 && own.includes(places);
}
