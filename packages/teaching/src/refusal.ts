/** Why a frame was not kept, with what to tell the person who turns the puppet. The list is closed. */
export const REFUSALS = {
  dark: "it is too dark to see anything",
  "light-changed": "the light has just changed",
  "not-empty": "something moves: take everything off the stage first",
  empty: "nobody is there",
  "too-small": "it is too small: bring it nearer",
  "too-large": "it fills the picture: take it further away",
  "half-outside": "it is half outside the picture",
  several: "more than one thing has come onto the stage",
  blurred: "it is blurred: move more slowly",
  alike: "it looks like a picture that is kept already: turn it",
} as const;

export type Refusal = keyof typeof REFUSALS;

/** "18 alike, 4 blurred", the most frequent first; "nothing" where nothing was refused. */
export function countedRefusals(counts: Readonly<Partial<Record<Refusal, number>>>): string {
  const said = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${reason}`);
  return said.length > 0 ? said.join(", ") : "nothing";
}
