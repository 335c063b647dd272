import { UNKNOWN_LABEL } from "@followspot/domain";
import type { Said } from "../asking/asker.ts";
import { type Calibration, calibrated, IDENTITY } from "./calibration-file.ts";

/** The probability of what was said: as whoever said it has calibrated it, else by ours, else the odds at their word. */
export function calibratedScore(
  { raw, score }: Omit<Said, "label">,
  label: string,
  calibration: Calibration | undefined,
): number {
  if (score !== undefined) return score;
  if (!calibration) return calibrated(IDENTITY, raw);
  const line =
    label === UNKNOWN_LABEL ? calibration.unknown : (calibration.labels[label] ?? calibration.global);
  return calibrated(line, raw);
}
