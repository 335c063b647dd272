import { createHash } from "node:crypto";
import type { ModelFamily } from "@followspot/show";
import type { ModelIdentity } from "@followspot/triton";
import { type Calibration, calibrationHash, type CalibrationWanted } from "./calibration/calibration-file.ts";

/** What makes a recognizer out of a model. */
export interface AsAsked {
  readonly conditions: CalibrationWanted;
  readonly family: ModelFamily;
  /** Of the pictures that are shown besides, where there are such. */
  readonly shown: string | undefined;
  readonly calibration: Calibration | undefined;
  /** Version of the understudy whose word the answers depend on, where there is one. */
  readonly proposedBy: string | undefined;
}

const VERSION_LENGTH = 8;

/**
 * A recognizer is more than its model: another adapter, calibration, prompt or way to ask is another one, with an
 * accuracy of its own, and so is another understudy that proposes. The version is
 * `MODEL[@ADAPTER][+CALIBRATION]+ASKING[+UNDERSTUDY]`.
 */
export function identityAsAsked(
  identity: ModelIdentity,
  { conditions, family, shown, calibration, proposedBy }: AsAsked,
): ModelIdentity {
  const { model: _, adapter, ...asking } = conditions;
  const hash = createHash("sha256").update(JSON.stringify([asking, family, shown ?? null]));
  const parts = [
    `${identity.version}${adapter === null ? "" : `@${adapter}`}`,
    ...(calibration ? [calibrationHash(calibration)] : []),
    hash.digest("hex").slice(0, VERSION_LENGTH),
    ...(proposedBy === undefined ? [] : [proposedBy]),
  ];
  return {
    ...identity,
    version: parts.join("+"),
    accuracy: accuracyOf(calibration, proposedBy) ?? identity.accuracy,
  };
}

/** What was measured beside one understudy says nothing of another: then the accuracy is not known. */
function accuracyOf(
  calibration: Calibration | undefined,
  proposedBy: string | undefined,
): number | undefined {
  if (!calibration) return undefined;
  return calibration.understudy === proposedBy ? calibration.accuracy : 0;
}
