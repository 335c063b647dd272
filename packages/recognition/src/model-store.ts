import { mkdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import { type Eye, eyeOf } from "./eye.ts";
import type { Accuracy, UnderstudyModel } from "./model.ts";
import { decodeModel, encodeModel, modelVersion } from "./model-file.ts";
import { appendHistory, type HistoryEntry, readHistory } from "./model-history.ts";

/** The file in a models folder that says which model is in force. */
const CURRENT = "current.json";
const MAX_CURRENT_BYTES = 64 * 1024;

const Current = z.object({
  file: z.string().regex(/^understudy-[0-9a-f]{12}\.fsm$/, "must be the name of an understudy model"),
  version: z.string().regex(/^[0-9a-f]{12}$/),
});

/** A model with the name that it goes by. */
export interface StoredModel {
  readonly version: string;
  readonly path: string;
  readonly model: UnderstudyModel;
  readonly eye: Eye;
}

/** Nothing has been trained in this folder yet. */
export class NoModel extends UserError {}

/**
 * Writes the model, then points to it: whoever reads meanwhile sees the old model or the new one, whole.
 * Older models stay, so that one can go back.
 */
export async function storeModel(modelsDir: string, model: UnderstudyModel): Promise<StoredModel> {
  const stored = await writeModel(modelsDir, model);
  await putInForce(modelsDir, stored, "trained");
  return stored;
}

/** Writes the model beside the others; the one in force stays in force. */
export async function writeModel(modelsDir: string, model: UnderstudyModel): Promise<StoredModel> {
  const bytes = encodeModel(model);
  const version = modelVersion(bytes);
  const path = join(modelsDir, fileOf(version));
  const eye = await eyeOf(model, modelsDir);
  await mkdir(modelsDir, { recursive: true });
  await replaceFile(path, bytes);
  return { version, path, model, eye };
}

/** Points to a model that is in the folder, and notes in the folder's history why. */
export async function putInForce(
  modelsDir: string,
  { version, model }: StoredModel,
  why: HistoryEntry["why"],
): Promise<void> {
  const before = await currentVersion(modelsDir);
  // A model from before there was a history: without its line nobody could go back to it.
  if (before && before !== version && (await readHistory(modelsDir)).at(-1)?.version !== before) {
    await appendHistory(modelsDir, { at: new Date().toISOString(), version: before, why: "trained" });
  }
  const { accuracy, labels, pictures, seed } = model;
  const current = { file: fileOf(version), version, accuracy, labels, pictures, seed };
  await replaceFile(join(modelsDir, CURRENT), `${JSON.stringify(current, undefined, 2)}\n`);
  if (before !== version) await appendHistory(modelsDir, { at: new Date().toISOString(), version, why });
}

function fileOf(version: string): string {
  return `understudy-${version}.fsm`;
}

/** Of the model that is pointed to, whether or not it can be used. */
async function currentVersion(modelsDir: string): Promise<string | undefined> {
  const text = await readFile(join(modelsDir, CURRENT), "utf8").catch(() => "");
  return /"version": "([0-9a-f]{12})"/.exec(text)?.[1];
}

/**
 * Reads the model in force.
 * @throws NoModel where nothing has been trained yet, UserError where the files are not usable.
 */
export async function loadCurrentModel(modelsDir: string): Promise<StoredModel> {
  const pointer = join(modelsDir, CURRENT);
  const found = await stat(pointer).catch(() => undefined);
  if (!found) throw new NoModel(`${modelsDir} holds no model yet; train one with: followspot train`);
  if (found.size > MAX_CURRENT_BYTES) throw new UserError(`${pointer} is too large to be what it should be`);
  const { file, version } = parseCurrent(await readFile(pointer, "utf8"), pointer);
  if (basename(file) !== fileOf(version))
    throw new UserError(`${pointer}: file and version do not belong together`);
  return await loadModel(modelsDir, version);
}

/**
 * Reads one of the models in a folder, in force or not.
 * @throws UserError where the file is not there, damaged, or not the model that its name says.
 */
export async function loadModel(modelsDir: string, version: string): Promise<StoredModel> {
  const path = join(modelsDir, fileOf(version));
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UserError(`${path} cannot be read; train again with: followspot train`, { cause });
  });
  try {
    const model = decodeModel(bytes);
    if (modelVersion(bytes) !== version)
      throw new UserError("the model file is not the one that current.json means");
    return { version, path, model, eye: await eyeOf(model, modelsDir) };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${path}: ${cause.message}`, { cause });
  }
}

function parseCurrent(text: string, pointer: string): z.infer<typeof Current> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${pointer} is not JSON; train again with: followspot train`, { cause });
  }
  const result = Current.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(
    `${pointer}: ${issue?.path.join(".")}: ${issue?.message}; train again with: followspot train`,
  );
}

async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** "0.93 (95 % interval 0.88 to 0.97, 203 subjects in 7 scenes, each left out once)" */
export function describeAccuracy({ top1, low, high, subjects, scenes }: Accuracy): string {
  const interval = `95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return `${top1.toFixed(2)} (${interval}, ${subjects} subjects in ${scenes} scenes, tested where it had not been)`;
}
