/** Somebody or something that can be on stage. Its id is the label. */
export interface CastMember {
  readonly id: string;
  readonly kind: "character" | "prop";
  readonly name: string;
  readonly aliases: readonly string[];
  /** Looks that do not change: shape, colours, clothing. */
  readonly description: string;
}

/** What a recognizer answers about somebody outside the cast list. Never a member's id. */
export const UNKNOWN_LABEL = "unknown";
