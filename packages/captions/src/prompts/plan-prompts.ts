import { UserError } from "@followspot/domain";
import type { WritingModel } from "../models/writing-model.ts";
import { type Bible, fitBible, tokensOf } from "./bible.ts";
import { LOOK_TOKENS, lookSystem } from "./look.ts";
import type { ShowKnowledge } from "./show-text.ts";
import { TIDY_TOKENS, tidySystem } from "./tidy.ts";

export interface PromptPlan {
  /** The constant parts. */
  readonly look: string;
  readonly tidy: string;
  /** What of the bible was left out, as a sentence; undefined where nothing was. */
  readonly leftOut: string | undefined;
}

export interface PlanPromptsOptions {
  readonly show: ShowKnowledge;
  readonly bible: Bible | undefined;
  /** Undefined where no picture is looked at. */
  readonly lookModel?: Pick<WritingModel, "name" | "contextTokens"> | undefined;
  readonly tidyModel: Pick<WritingModel, "name" | "contextTokens">;
  /** What the person says that the text model can hold; before what the server says. */
  readonly contextTokens?: number | undefined;
}

/** Every server that this was written for has so much. */
export const LEAST_CONTEXT = 4_096;
/** A caption to be tidied, the question around it, and the format's own marks. */
const QUESTION_TOKENS = 1_500;
/** A picture at the size that shows are recognized in, and the short question. */
const PICTURE_TOKENS = 600;

/**
 * The instructions for both models. The vision model is not given the bible: it says what it sees, and each of its tokens
 * stands before every picture.
 * @throws UserError where not even the cast fits into a model's context
 */
export function planPrompts({
  show,
  bible,
  lookModel,
  tidyModel,
  contextTokens,
}: PlanPromptsOptions): PromptPlan {
  const look = lookSystem(show);
  const lookNeeds = tokensOf(look) + PICTURE_TOKENS + LOOK_TOKENS;
  if (lookModel?.contextTokens !== undefined && lookNeeds > lookModel.contextTokens) {
    throw new UserError(
      `the cast with its descriptions and one picture take about ${lookNeeds} tokens, and ${lookModel.name} holds ` +
        `${lookModel.contextTokens}: raise its max_model_len, or shorten the descriptions in show.yaml`,
    );
  }
  const context = contextTokens ?? tidyModel.contextTokens ?? LEAST_CONTEXT;
  const bare = tidySystem(show);
  const room = context - tokensOf(bare) - TIDY_TOKENS - QUESTION_TOKENS;
  if (room < 0) {
    throw new UserError(
      `the cast with its descriptions takes about ${tokensOf(bare)} tokens, and ${tidyModel.name} is taken to hold ${context}: ` +
        "say with --context what it really holds, or shorten the descriptions in show.yaml",
    );
  }
  const fitted = bible && fitBible(bible, room);
  const hint =
    contextTokens === undefined && tidyModel.contextTokens === undefined
      ? `; the server does not say how much it holds, --context does (${LEAST_CONTEXT} tokens are taken for granted)`
      : ` (${context} tokens)`;
  return {
    look,
    tidy: fitted ? tidySystem(show, fitted.text) : bare,
    leftOut: fitted?.leftOut === undefined ? undefined : `${fitted.leftOut}${hint}`,
  };
}
