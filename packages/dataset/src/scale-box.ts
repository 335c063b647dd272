import type { Box } from "./metadata-line.ts";

/** The box in the pixels of the same picture at another size, `factor` times as large. */
export function scaleBox({ left, top, width, height }: Box, factor: number): Box {
  return { left: left * factor, top: top * factor, width: width * factor, height: height * factor };
}
