import type { Answer } from "../contestants/contestant.ts";
import type { Exhibit } from "../exam/exhibit.ts";
import type { Outcome } from "../figures/outcome.ts";

/** A picture that nobody will load. */
export function madeUp(present: readonly string[], changes: Partial<Exhibit> = {}): Exhibit {
  const fileName = changes.fileName ?? `${present.join("-") || "stranger"}-${Math.random()}.jpg`;
  return {
    fileName,
    place: `metadata.jsonl:1`,
    path: fileName,
    scene: "here",
    split: undefined,
    present,
    objects: undefined,
    load: () => Promise.reject(new Error("nobody should look at it")),
    ...changes,
  };
}

/** "wolf .8, red .1" as an answer. */
export function saying(scores: Readonly<Record<string, number>>): Answer {
  const labels = Object.entries(scores)
    .map(([label, score]) => ({ label, score, raw: score * 10, box: undefined }))
    .sort((a, b) => b.score - a.score);
  return { labels, unknown: 0, unparseable: undefined };
}

export const GIBBERISH: Answer = { labels: [], unknown: 0, unparseable: "no such label" };

export function outcome(exhibit: Exhibit, answer: Answer): Outcome {
  const learnt = { counts: new Map([["red", 3], ["wolf", 1]]), scenes: new Set(["elsewhere"]) };
  return { exhibit, scene: exhibit.scene, answer, learnt };
}
