import { UserError } from "@followspot/domain";
import { compareOnGolden, type GoldenComparison, judgeGolden } from "./judge-golden.ts";
import type { UnderstudyModel } from "./model.ts";
import { loadCurrentModel, NoModel, putInForce, type StoredModel, writeModel } from "./model-store.ts";
import type { TrainingSample } from "./training-sample.ts";

/** Whether a new model has replaced the one in force. */
export interface Promotion {
  readonly promoted: boolean;
  /** One sentence for a person: what was done, and why. */
  readonly reason: string;
  /** The version that was in force before, where there was one. */
  readonly replaced: string | undefined;
  /** Undefined where there was nothing to compare with, or on. */
  readonly golden: GoldenComparison | undefined;
}

export interface PromotedModel extends StoredModel {
  readonly promotion: Promotion;
}

export interface PromoteOptions {
  /** The golden pictures of the data set: for judging only. */
  readonly golden: readonly TrainingSample[];
  /** Puts the model in force even if it is worse on the golden set. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Puts a new model in force, unless it does worse than the one in force on the golden set. A model that is refused
 * is kept beside the others, so that somebody who knows better can put it in force by its version.
 */
export async function promoteModel(
  modelsDir: string,
  model: UnderstudyModel,
  { golden, force = false, signal }: PromoteOptions,
): Promise<PromotedModel> {
  const before = await currentOrNone(modelsDir);
  const stored = await writeModel(modelsDir, model);
  const comparison =
    before.stored && golden.length > 0
      ? compareOnGolden(
          await judgeGolden(before.stored, golden, signal),
          await judgeGolden(stored, golden, signal),
        )
      : undefined;
  const refused = comparison?.worse === true && !force;
  if (!refused) {
    await putInForce(modelsDir, stored, comparison?.worse ? "forced" : "trained");
  }
  return {
    ...stored,
    promotion: {
      promoted: !refused,
      reason: reasonFor({ comparison, refused, problem: before.problem, golden: golden.length }),
      replaced: before.stored?.version,
      golden: comparison,
    },
  };
}

/** A model in force that cannot be used is no reason to keep it. */
async function currentOrNone(modelsDir: string): Promise<{ stored?: StoredModel; problem?: string }> {
  try {
    return { stored: await loadCurrentModel(modelsDir) };
  } catch (error) {
    if (error instanceof NoModel) return { problem: "it is the first model of this show" };
    if (error instanceof UserError)
      return { problem: `the model before it cannot be used (${error.message})` };
    throw error;
  }
}

function reasonFor({
  comparison,
  refused,
  problem,
  golden,
}: {
  readonly comparison: GoldenComparison | undefined;
  readonly refused: boolean;
  readonly problem: string | undefined;
  readonly golden: number;
}): string {
  if (problem) return `in force: ${problem}`;
  if (!comparison) {
    return golden === 0
      ? "in force without a comparison: the data set has no golden pictures (see: followspot dataset split --golden)"
      : "in force";
  }
  const { pictures, before, after, won, lost } = comparison;
  const counts = `${before} -> ${after} of ${pictures} golden pictures right, ${won} won and ${lost} lost`;
  if (refused)
    return `NOT in force: the new model is worse (${counts}); --force puts it in force all the same`;
  return comparison.worse ? `in force by --force, though worse (${counts})` : `in force: ${counts}`;
}
