import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "@followspot/domain";
import {
  decodeModel,
  type Eye,
  eyeOf,
  loadCurrentModel,
  modelVersion,
  recognizePixels,
  type UnderstudyModel,
} from "@followspot/recognition";
import { FixedRecognizer } from "./fixed-recognizer.ts";
import { answerOf } from "./learning-understudy.ts";

const MAX_MODEL_BYTES = 256 * 1024 * 1024;

/** The model that is in force in a show. @throws UserError where there is none */
export async function openCurrentUnderstudy(
  name: string,
  { showDir, labels }: { readonly showDir: string; readonly labels: readonly string[] },
): Promise<FixedRecognizer> {
  const { model, eye, version, path } = await loadCurrentModel(join(showDir, "models"));
  return fixed(name, { model, eye, version, labels, modelBytes: (await stat(path)).size });
}

/** A model file. @throws UserError where it is none */
export async function openUnderstudyFile(
  name: string,
  { file, labels }: { readonly file: string; readonly labels: readonly string[] },
): Promise<FixedRecognizer> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new UserError(`--recognizer: there is no model file ${file}`);
  if (found.size > MAX_MODEL_BYTES) throw new UserError(`--recognizer: ${file} is too large to be a model`);
  const bytes = await readFile(file);
  let model: UnderstudyModel;
  let eye: Eye;
  try {
    model = decodeModel(bytes);
    eye = await eyeOf(model, dirname(file));
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`--recognizer: ${file}: ${cause.message}`, { cause });
  }
  return fixed(name, { model, eye, version: modelVersion(bytes), labels, modelBytes: bytes.length });
}

function fixed(
  name: string,
  {
    model,
    eye,
    version,
    labels,
    modelBytes,
  }: { model: UnderstudyModel; eye: Eye; version: string; labels: readonly string[]; modelBytes: number },
): FixedRecognizer {
  return new FixedRecognizer({
    card: { name, kind: "understudy", version, labels: model.labels, modelBytes, contract: undefined },
    look: async (picture) => {
      const startedMs = performance.now();
      const recognition = await recognizePixels({ model, eye }, picture, labels);
      return { answer: answerOf(recognition), ms: performance.now() - startedMs };
    },
  });
}
