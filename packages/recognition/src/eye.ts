import { join } from "node:path";
import { ownNetworksVersion } from "@followspot/backbone";
import type { Box, Picture } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import { type LookOptions, describeLook } from "./describe-look.ts";
import type { UnderstudyModel } from "./model.ts";
import { onnxFileOf, openOnnxEye } from "./onnx-eye.ts";
import { type BoxProposal, proposeIn } from "./propose-boxes.ts";

/** What an understudy sees with: Followspot's own networks, or one that the user supplied. */
export interface Eye {
  /** Looks of different eyes do not compare. */
  readonly version: string;
  /** Where somebody or something may be, best first. @param lit a picture whose light has been taken out */
  propose(lit: Picture, limit: number): Promise<readonly BoxProposal[]>;
  /** How what is in a box looks; length 1. */
  look(lit: Picture, box: Box, options?: LookOptions): Promise<Float32Array>;
}

/** What has been learnt, and what it was learnt with. */
export interface Recognizer {
  readonly model: UnderstudyModel;
  readonly eye: Eye;
}

/** The networks that come with Followspot. */
export const ownEye: Eye = {
  get version() {
    return ownNetworksVersion();
  },
  propose: async (lit, limit) => proposeIn(lit, limit),
  look: async (lit, box, options) => describeLook(lit, box, options),
};

/**
 * The eye that a model was trained with; a network of the user's lies beside the model.
 * @throws UserError where it is not there, or cannot be run.
 */
export async function eyeOf({ backbone }: UnderstudyModel, modelsDir: string): Promise<Eye> {
  if (backbone === ownNetworksVersion()) return ownEye;
  const file = onnxFileOf(backbone);
  if (!file) {
    throw new UserError(
      "the model file was made with other networks, with which this Followspot cannot compare; train it again with: followspot train",
    );
  }
  return await openOnnxEye(join(modelsDir, file));
}
