import { stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import { checkTokenizer } from "./check-tokenizer.ts";
import type { Findings } from "./finding.ts";
import { readJson } from "./json-file.ts";
import { type ModelShape, modelShape } from "./model-shape.ts";
import { checkSafetensors } from "./safetensors.ts";
import { checkInside, type Places } from "./places.ts";
import { entriesOf, isThere, readText } from "./reading.ts";

/** A folder of weights that is complete. */
export interface Weights {
  readonly dir: string;
  /** On disk, and in the GPU's memory. */
  readonly bytes: number;
  readonly shape: ModelShape;
  /** Of the largest picture that the checkpoint lets through by itself. */
  readonly maxPixels: number;
}

const INDEX = "model.safetensors.index.json";
const MOST_INDEX_BYTES = 50_000_000;

/** Looks at a folder as Hugging Face publishes them. Undefined where too little is there to go on. */
export async function checkWeights(
  path: string,
  { places, findings }: { places: Places; findings: Findings },
): Promise<Weights | undefined> {
  const dir = places.here(path);
  if (!(await isThere(dir)) || !(await stat(dir)).isDirectory()) {
    findings.error(
      dir,
      "the weights are not there: download the model to this folder, or say with --weights where the folder of all weights is on this machine",
    );
    return undefined;
  }
  const before = findings.all.length;
  const shape = await readShape(join(dir, "config.json"), findings);
  await checkTokenizer(dir, { shape, findings });
  const maxPixels = shape?.vision ? await readMaxPixels(dir, findings) : 0;
  const bytes = await checkTensors(dir, { shape, places, findings });
  const stopped = findings.all.slice(before).some(({ severity }) => severity === "error");
  return shape && !stopped ? { dir, bytes, shape, maxPixels } : undefined;
}

async function readShape(file: string, findings: Findings): Promise<ModelShape | undefined> {
  if (!(await isThere(file))) {
    findings.error(file, "is missing: copy it from the model's page");
    return undefined;
  }
  try {
    return modelShape(await readText(file), file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.thrown(error);
    return undefined;
  }
}

const area = z.number().positive();
/** transformers 4 has max_pixels, 5 the size; both are areas. */
const Pictures = z.object({
  max_pixels: area.nullish(),
  size: z.object({ longest_edge: area.nullish() }).nullish(),
});
/** Of Qwen2-VL and Qwen2.5-VL. */
const DEFAULT_PIXELS = 12_845_056;

async function readMaxPixels(dir: string, findings: Findings): Promise<number> {
  const file = join(dir, "preprocessor_config.json");
  if (!(await isThere(file))) {
    findings.error(
      dir,
      "there is no preprocessor_config.json, so pictures would be scaled wrongly: copy it from the model's page",
    );
    return DEFAULT_PIXELS;
  }
  const json = await readJson(file, findings);
  const told = Pictures.safeParse(json?.value);
  if (json && !told.success) {
    findings.error(
      file,
      "its limits of pictures (max_pixels, size) are no numbers: copy it from the model's page",
    );
  }
  return told.data?.max_pixels ?? told.data?.size?.longest_edge ?? DEFAULT_PIXELS;
}

/** Of one file: the tensors that it must have. */
type Expected = ReadonlyMap<string, readonly string[]>;

async function checkTensors(
  dir: string,
  { shape, places, findings }: { shape: ModelShape | undefined; places: Places; findings: Findings },
): Promise<number> {
  let bytes = 0;
  for (const [name, wanted] of await tensorFiles(dir, findings)) {
    const file = join(dir, name);
    if (!(await isThere(file))) {
      findings.error(file, `is missing, though ${INDEX} names it: copy it from the model's page`);
      continue;
    }
    await checkInside(file, { places, findings });
    const seen = await checkSafetensors(file);
    if (seen.state === "broken") {
      findings.error(file, seen.why);
      continue;
    }
    bytes += seen.bytes;
    const lacking = wanted.find((tensor) => !seen.shapes.has(tensor));
    if (lacking !== undefined) {
      findings.error(
        file,
        `has no ${lacking}, though ${INDEX} says so: one of the two is of another model; copy both again`,
      );
    }
    checkWidth(file, { shapes: seen.shapes, shape, findings });
  }
  return bytes;
}

/** The first tensor tells whose weights these are. */
function checkWidth(
  file: string,
  {
    shapes,
    shape,
    findings,
  }: { shapes: ReadonlyMap<string, readonly number[]>; shape: ModelShape | undefined; findings: Findings },
): void {
  const [, size] = [...shapes].find(([name]) => name.endsWith("embed_tokens.weight")) ?? [];
  if (!size || !shape) return;
  if (size[0] !== shape.vocabulary || size[1] !== shape.hidden) {
    findings.error(
      file,
      `has ${size.join(" x ")} numbers for its words, and config.json says ${shape.vocabulary} x ${shape.hidden}: these are weights of another model; copy both from one page`,
    );
  }
}

async function tensorFiles(dir: string, findings: Findings): Promise<Expected> {
  const index = join(dir, INDEX);
  if (await isThere(index)) {
    const named = namedFiles(await readText(index, MOST_INDEX_BYTES));
    if (named.size > 0) return named;
    findings.error(index, "names no files of weights, or is no JSON: copy it from the model's page");
    return new Map();
  }
  const found = (await entriesOf(dir))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".safetensors"));
  if (found.length === 0) {
    findings.error(dir, "there are no weights (*.safetensors): download them from the model's page");
  }
  const parts = found.find((file) => /-of-0*([2-9]|\d{2,})\.safetensors$/.test(file));
  if (parts !== undefined) {
    findings.error(
      dir,
      `there is no ${INDEX}, though ${parts} is one part of several: copy it from the model's page`,
    );
  }
  return new Map(found.map((file) => [file, []]));
}

function namedFiles(text: string): Expected {
  const files = new Map<string, string[]>();
  try {
    const { weight_map: map } = JSON.parse(text) as { weight_map?: Record<string, unknown> };
    for (const [tensor, file] of Object.entries(map ?? {})) {
      // A name that leads out of the folder is none of a published index.
      if (typeof file !== "string" || file.includes("/")) return new Map();
      files.set(file, [...(files.get(file) ?? []), tensor]);
    }
  } catch {
    return new Map();
  }
  return files;
}
