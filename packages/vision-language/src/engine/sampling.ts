import { InferenceError } from "@followspot/triton";
import { z } from "zod";

/** Holds an answer to a form. `choice`: one of these texts; `json`: JSON of this schema. */
export type Constraint = { readonly choice: readonly string[] } | { readonly json: object };

/** Under which name a server takes a constraint: containers up to 25.10, and from 25.11 on. */
export const CONSTRAINT_KEYS = ["structured_outputs", "guided_decoding"] as const;
export type ConstraintKey = (typeof CONSTRAINT_KEYS)[number];

/** What can be asked of the sampler. Unknown keys fail in the backend with a text that names something else. */
export interface Sampling {
  /** Always said: the backend's own default of 16 cuts an answer off. */
  readonly maxTokens: number;
  /** 0, the most probable answer, where left out. */
  readonly temperature?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  /** How many alternatives of each token are told with their log probabilities. Servers allow 20. */
  readonly logprobs?: number;
  readonly constraint?: Constraint | undefined;
  /** A LoRA adapter of the server, by name. */
  readonly adapter?: string | undefined;
}

const Checked = z.strictObject({
  maxTokens: z.number().int().min(1).max(8_192),
  temperature: z.number().min(0).max(2).default(0),
  seed: z.number().int().min(0).optional(),
  stop: z.array(z.string().min(1).max(100)).max(4).optional(),
  logprobs: z.number().int().min(0).max(20).optional(),
  constraint: z
    .union([
      z.strictObject({ choice: z.array(z.string().min(1)).min(1).max(4_096) }),
      z.strictObject({ json: z.record(z.string(), z.unknown()) }),
    ])
    .optional(),
  adapter: z.string().min(1).max(100).optional(),
});

/**
 * The text of `sampling_parameters`.
 * @param key undefined where the server takes no constraint: then the answer is only checked afterwards
 * @throws InferenceError rejected for what the backend would not take
 */
export function samplingParameters(sampling: Sampling, key: ConstraintKey | undefined): string {
  const checked = Checked.safeParse(sampling);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.join(".");
    throw new InferenceError(
      "rejected",
      `the sampling${where ? ` parameter ${where}` : ""}: ${issue?.message}`,
    );
  }
  const { maxTokens, temperature, seed, stop, logprobs, constraint, adapter } = checked.data;
  return JSON.stringify({
    temperature,
    max_tokens: maxTokens,
    ...(seed !== undefined && { seed }),
    ...(stop && { stop }),
    ...(logprobs !== undefined && { logprobs }),
    // JSON within JSON: that is how the backend wants it.
    ...(constraint && key && { [key]: JSON.stringify(constraint) }),
    ...(adapter && { lora_name: adapter }),
  });
}
