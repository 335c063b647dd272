import { isId, UNKNOWN_LABEL } from "@followspot/domain";
import type { ModelInferResponse } from "@followspot/schema/inference/grpc_service";
import { outputTensor, stringParameter } from "./infer-messages.ts";
import { InferenceError } from "./inference-error.ts";

/** Pixels of the picture that was sent. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface LabelScore {
  readonly label: string;
  /** Calibrated probability that it is in the picture, 0 to 1. */
  readonly score: number;
  /** The model's own number before calibration. */
  readonly raw: number;
  /** Absent where the model gave none. */
  readonly box?: PixelBox;
}

/** What the `scores` contract answers, checked. */
export interface ScoresAnswer {
  readonly labels: readonly LabelScore[];
  /** Calibrated probability that somebody or something outside the cast list is in the picture, 0 to 1. */
  readonly unknown: number;
  /** Time inside the model server, where it says so. */
  readonly modelMs?: number;
  /** Which model answered, where it says so: differs from the cached one after a reload. */
  readonly version?: string;
  /** The wording of the prompt that was answered, where the model says so. */
  readonly promptVersion?: string;
}

export interface ScoresAnswerOptions {
  /** The labels that were asked for; left out where the choice was the model's. */
  readonly asked?: readonly string[] | undefined;
  /** Whether the model batches over requests, so that every shape begins with the batch of one. */
  readonly batched?: boolean | undefined;
}

/** More than any cast has. */
const MAX_LABELS = 4_096;
/** 32-bit arithmetic may end a hair outside. */
const ROUNDING = 1e-5;

/**
 * Reads an answer and believes nothing: names, types, shapes, ranges, and labels from the closed set only.
 * @throws InferenceError malformed-answer
 */
export function parseScores(
  response: ModelInferResponse,
  { asked, batched = false }: ScoresAnswerOptions = {},
): ScoresAnswer {
  const batch = batched ? [1] : [];
  const labels = outputTensor(response, { name: "label", datatype: "BYTES", shape: [...batch, undefined] });
  const size = labels.length;
  if (size > MAX_LABELS) throw malformed(`${size} labels were answered, more than ${MAX_LABELS}`);
  checkLabels(labels, asked);
  const scores = outputTensor(response, { name: "score", datatype: "FP32", shape: [...batch, size] });
  const raws = outputTensor(response, { name: "raw", datatype: "FP32", shape: [...batch, size] });
  const boxes = outputTensor(response, { name: "box", datatype: "FP32", shape: [...batch, size, 4] });
  const unknowns = outputTensor(response, { name: "unknown", datatype: "FP32", shape: [...batch, 1] });
  const modelMs = milliseconds(stringParameter(response, "model_ms"));
  const version = stringParameter(response, "version");
  const promptVersion = stringParameter(response, "prompt_version");
  return {
    labels: labels.map((label, index) => {
      const score = probability(scores[index], "the score", label);
      const raw = finite(raws[index], "the raw score", label);
      const box = pixelBox(boxes, index, label);
      return box ? { label, score, raw, box } : { label, score, raw };
    }),
    unknown: probability(unknowns[0], "the probability", UNKNOWN_LABEL),
    ...(modelMs !== undefined && { modelMs }),
    ...(version && { version }),
    ...(promptVersion && { promptVersion }),
  };
}

function checkLabels(labels: readonly string[], asked: readonly string[] | undefined): void {
  const closedSet = asked ?? labels.filter((label) => isId(label) && label !== UNKNOWN_LABEL);
  const unanswered = new Set(closedSet);
  for (const label of labels) {
    if (unanswered.delete(label)) continue;
    if (closedSet.includes(label)) throw malformed(`label "${label}" was answered twice`);
    throw malformed(`label ${JSON.stringify(label.slice(0, 64))} is not in the closed set`);
  }
}

function pixelBox(boxes: Float32Array, index: number, label: string): PixelBox | undefined {
  const left = boxes[4 * index] ?? NaN;
  const top = boxes[4 * index + 1] ?? NaN;
  const right = boxes[4 * index + 2] ?? NaN;
  const bottom = boxes[4 * index + 3] ?? NaN;
  if (Number.isNaN(left) && Number.isNaN(top) && Number.isNaN(right) && Number.isNaN(bottom)) {
    return undefined;
  }
  // A side that is not finite makes the sum so.
  if (!Number.isFinite(left + top + right + bottom) || left > right || top > bottom) {
    throw malformed(`the box of "${label}" is no rectangle: [${[left, top, right, bottom].join()}]`);
  }
  return { left, top, right, bottom };
}

function probability(value: number | undefined, what: string, label: string): number {
  const number = finite(value, what, label);
  if (number < -ROUNDING || number > 1 + ROUNDING) {
    throw malformed(`${what} of "${label}" is ${number}, not from 0 to 1`);
  }
  return Math.min(1, Math.max(0, number));
}

function finite(value: number | undefined, what: string, label: string): number {
  if (value === undefined || !Number.isFinite(value)) throw malformed(`${what} of "${label}" is ${value}`);
  return value;
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? NaN : Number(text);
  if (!(value >= 0 && value < Infinity))
    throw malformed(`model_ms is ${JSON.stringify(text.slice(0, 64))}, no time`);
  return value;
}

function malformed(message: string): InferenceError {
  return new InferenceError("malformed-answer", message);
}
