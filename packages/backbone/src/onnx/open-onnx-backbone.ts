import { stat } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { firstLine, loadOnnxRuntime, type OnnxRuntime, type OnnxSession } from "./load-onnx-runtime.ts";
import { readModelInput } from "./model-input.ts";
import { sortOutputs } from "./model-outputs.ts";
import { OnnxBackbone } from "./onnx-backbone.ts";
import { type Colours, packPixels } from "./pack-pixels.ts";
import { runModel } from "./run-model.ts";

export interface OnnxBackboneOptions extends Colours {
  /** Side of the picture in pixels where the network leaves it open. */
  readonly openSide?: number;
  readonly threads?: number;
  /** Loaded from onnxruntime-node where it is not given. */
  readonly runtime?: OnnxRuntime;
}

/** Of the runtime's own log: what goes wrong is thrown as well. */
const SILENT = 4;
const OPEN_SIDE = 224;
const MAX_MODEL_BYTES = 512 * 1024 * 1024;

/**
 * Opens a network that the user supplies: a feature extractor, a detector, or both in one. It is run once, on a grey
 * picture, to see what it answers.
 * @throws UserError one sentence, where onnxruntime-node is not installed or the file is no such network.
 */
export async function openOnnxBackbone(
  path: string,
  { openSide = OPEN_SIDE, threads = 1, runtime, ...colours }: OnnxBackboneOptions = {},
): Promise<OnnxBackbone> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new UserError(`${path}: there is no such network file`, { cause });
  });
  if (size > MAX_MODEL_BYTES) {
    throw new UserError(`${path}: the network has ${size} bytes, at most ${MAX_MODEL_BYTES} are allowed`);
  }
  const library = runtime ?? (await loadOnnxRuntime());
  let session: OnnxSession;
  try {
    session = await library.InferenceSession.create(path, {
      intraOpNumThreads: threads,
      logSeverityLevel: SILENT,
    });
  } catch (cause) {
    throw new UserError(`${path}: this is no ONNX network that can be run (${firstLine(cause)})`, { cause });
  }
  try {
    const input = readModelInput(session.inputMetadata, path, openSide);
    const grey = new Float32Array(input.width * input.height * 3).fill(128);
    const answer = await runModel({ path, library, session, input }, packPixels(grey, input, colours));
    const outputs = sortOutputs([...answer.values()], input);
    if (!outputs.detector && outputs.features.length === 0) {
      throw new UserError(`${path}: the network answers neither features nor boxes`);
    }
    return new OnnxBackbone({ path, library, session, input, outputs, colours });
  } catch (error) {
    await session.release();
    throw error;
  }
}
