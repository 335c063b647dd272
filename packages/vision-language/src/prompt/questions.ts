import { WHO } from "@followspot/dataset";

/**
 * What the model is asked about a picture, in the same words for training and for serving. Python has them from
 * questions.json beside its code, which a test holds equal to these.
 */
export const QUESTIONS = {
  /** `{label}` is a cast id; what it looks like stands in the system text. */
  score: 'Is "{label}" in the picture? Answer yes or no.',
  /** Strangers are asked for as one more label. */
  unknown: "Is somebody or something in the picture who is not in the cast? Answer yes or no.",
  list: `${WHO} Answer with a JSON list of ids, ["unknown"] for somebody or something who is not in the cast, [] for nobody.`,
  /** The same with boxes, in the family's own coordinates. */
  boxes: `${WHO} Answer with a JSON list of objects with "bbox_2d" (left, top, right, bottom) and "label" (an id), [] for nobody.`,
  /** Of the scores server, for a label that it found; the answer is in the family's own marks. */
  box: 'Where is "{label}" in the picture?',
  /** `{candidates}` are cast ids with a comma between them. */
  verify: `${WHO} Compare with what is known of {candidates}. Answer with a JSON list of those ids who are really there, [] for none of them.`,
} as const;

/** Answers to a yes-or-no question: tokens that mean the same once their spaces and their case are taken away. */
export const YES = "yes";
export const NO = "no";

export function scoreQuestion(label: string): string {
  return QUESTIONS.score.replace("{label}", () => label);
}

export function verifyQuestion(candidates: readonly string[]): string {
  return QUESTIONS.verify.replace("{candidates}", () => candidates.join(", "));
}
