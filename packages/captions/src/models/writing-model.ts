/** One question to a model that writes. */
export interface WritingQuestion {
  /** Constant over a run, so that the server keeps what it computed of it. */
  readonly system: string;
  readonly user: string;
  /** Shown before the words; only to a model that sees. */
  readonly jpeg?: Uint8Array | undefined;
  /** JSON schema of the answer, a constraint where the server can keep it. */
  readonly schema: object;
  readonly maxTokens: number;
  /** 0: the most probable answer, the same each time. */
  readonly temperature: number;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}

export interface WrittenAnswer {
  readonly text: string;
  /** Undefined where the server does not count them. */
  readonly outputTokens: number | undefined;
}

/** A model that answers in words, wherever it runs. */
export interface WritingModel {
  /** For people: the model and where it is. */
  readonly name: string;
  /** As the server says; undefined where it does not. */
  readonly version: string | undefined;
  /** How many tokens question and answer may have together, as the server says; undefined where it does not. */
  readonly contextTokens: number | undefined;
  /** Whether the server holds answers to the schema. What comes is read with the same doubt either way. */
  readonly constrained: boolean;
  /** @throws InferenceError */
  write(question: WritingQuestion): Promise<WrittenAnswer>;
  close(): Promise<void>;
}
