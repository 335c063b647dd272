/** Where a figure comes from: a page, a paper, or a measurement of ours. */
export interface Sourced<Value> {
  readonly value: Value;
  /** URL, or the command that measured it. */
  readonly source: string;
  /** What must be known to read it: card, length, batch. */
  readonly note?: string;
}

/** GPU memory of one way to store the weights. */
export interface MemoryFigure {
  readonly format: "BF16" | "FP8" | "GPTQ-Int8" | "GPTQ-Int4" | "AWQ" | "GGUF-Q4_K_M";
  readonly gigabytes: Sourced<number>;
}

/** Points of 4, one for each that holds. */
export interface Openness {
  readonly weights: boolean;
  readonly code: boolean;
  readonly trainingData: boolean;
  readonly offline: boolean;
}

/** What is known of a model that the project names. docs/models.md is made from these. */
export interface ModelSheet {
  /** Stable, lower case: what `evaluate` and the profiles know it by. */
  readonly id: string;
  /** As its makers publish it. */
  readonly name: string;
  readonly kind: "vision-language" | "text";
  readonly parametersBillion: Sourced<number>;
  readonly licence: Sourced<string>;
  /** Tokens. */
  readonly contextTokens: Sourced<number>;
  readonly memory: readonly MemoryFigure[];
  readonly openness: Sourced<Openness>;
  /** What the model is for here, and what it is known to be bad at. */
  readonly notes: readonly string[];
}
