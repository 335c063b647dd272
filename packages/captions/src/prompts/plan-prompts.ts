import { UserError } from "@followspot/domain";
import type { WritingModel } from "../models/writing-model.ts";
import { type Bible, fitBible, tokensOf } from "./bible.ts";
import { lookSystem } from "./look.ts";
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
  readonly tidyModel: Pick<WritingModel, "name" | "contextTokens">;
  /** What the person says that the text model can hold; before what the server says. */
  readonly contextTokens?: number | undefined;
}

/** Every server that this was written for has so much. */
export const LEAST_CONTEXT = 4_096;
/** A caption to be tidied, the question around it, and the format's own marks. */
const QUESTION_TOKENS = 1_500;

/**
 * The instructions for both models. The vision model is not given the bible: it says what it sees, and each of its tokens
 * stands before every picture.
 * @throws UserError where not even the cast fits into the text model's context
 */
export function planPrompts({ show, bible, tidyModel, contextTokens }: PlanPromptsOptions): PromptPlan {
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
    look: lookSystem(show),
    tidy: fitted ? tidySystem(show, fitted.text) : bare,
    leftOut: fitted?.leftOut === undefined ? undefined : `${fitted.leftOut}${hint}`,
  };
}
