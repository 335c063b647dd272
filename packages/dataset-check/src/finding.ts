/** error: must be put right before anybody relies on the data set. warning: look at it. note: good to know. */
export const SEVERITIES = ["error", "warning", "note"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Every check, in the order of the report, with what it looks for. */
export const CHECKS = {
  metadata: "Lines of metadata.jsonl that cannot be used",
  decode: "Pictures that cannot be decoded to their last pixel",
  format: "Files that are not what their names say, and kinds of pictures that lose something",
  orientation: "Pictures that lie on their side until a tag is read",
  place: "Pictures that tell where they were taken",
  boxes: "Boxes that leave their picture",
  bars: "Plain bars along the edges",
  duplicates: "The same pixels twice",
  "near-duplicates": "Pictures that may be one shot",
  leaks: "Pictures to learn from and pictures to judge by that are not apart",
  balance: "How many pictures there are of whom",
  size: "Subjects with few pixels",
  blur: "Subjects out of focus or in motion",
  light: "Subjects too dark or too bright to see",
  labels: "Pictures that look like somebody else",
  captions: "Captions and the cast list",
} as const;
export type CheckName = keyof typeof CHECKS;

/** One thing that a check found. It only proposes: nothing is changed. */
export interface Finding {
  readonly check: CheckName;
  readonly severity: Severity;
  /** One sentence: what, and what to do about it. */
  readonly message: string;
  /** File names, relative to the data set's folder; the first is the one to look at. */
  readonly pictures: readonly string[];
  /** What each of the pictures is there for, where they differ in that; in their order. */
  readonly roles?: readonly string[];
  /** metadata.jsonl:line, where it is about a line. */
  readonly place?: string;
  /** What was measured. */
  readonly measured?: Readonly<Record<string, number | string>>;
}
