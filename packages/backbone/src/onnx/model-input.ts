import { UserError } from "@followspot/domain";
import type { OnnxValue } from "./load-onnx-runtime.ts";

/** How a network wants its picture. */
export interface ModelInput {
  readonly name: string;
  readonly type: "float32" | "uint8";
  /** Channels before rows and columns, or after them. */
  readonly layout: "NCHW" | "NHWC";
  readonly width: number;
  readonly height: number;
}

const MIN_SIDE = 16;
const MAX_SIDE = 1280;

/**
 * Reads from the network's description what picture it takes; sides that it leaves open become `openSide` pixels.
 * @throws UserError for a network that takes anything but one picture of three channels.
 */
export function readModelInput(inputs: readonly OnnxValue[], path: string, openSide: number): ModelInput {
  const [input] = inputs;
  const refused = (problem: string): UserError =>
    new UserError(`${path}: the network ${problem}; it must take one picture of three channels`);
  if (!input || inputs.length > 1) throw refused(`has ${inputs.length} inputs`);
  const { name, type, shape = [] } = input;
  if (!input.isTensor || (type !== "float32" && type !== "uint8")) {
    throw refused(`takes numbers of type ${type ?? "none"}, not float32 or uint8`);
  }
  if (shape.length !== 4) throw refused(`takes ${shape.length} dimensions, not 4`);
  const [batch, ...rest] = shape.map((side) => (typeof side === "number" && side >= 1 ? side : undefined));
  if (batch !== undefined && batch !== 1) throw refused(`takes ${batch} pictures at a time`);
  const channelsLast = rest[0] !== 3 && rest[2] === 3;
  if (!channelsLast && rest[0] !== undefined && rest[0] !== 3) throw refused(`takes ${rest[0]} channels`);
  const [height = openSide, width = openSide] = channelsLast ? rest.slice(0, 2) : rest.slice(1);
  if (Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_SIDE) {
    throw refused(
      `takes pictures of ${width} x ${height} pixels, not of sides from ${MIN_SIDE} to ${MAX_SIDE}`,
    );
  }
  return { name, type, layout: channelsLast ? "NHWC" : "NCHW", width, height };
}
