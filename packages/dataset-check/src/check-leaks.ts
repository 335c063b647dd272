import type { Finding } from "./finding.ts";
import type { Inspected } from "./inspect-picture.ts";
import type { NearPair } from "./near-duplicates.ts";

/** Whether a picture is learnt from, or judged by. A picture that nobody has split is learnt from. */
function roleOf({ entry }: Inspected): "learn" | "judge" {
  return entry.split === undefined || entry.split === "train" ? "learn" : "judge";
}

/** What makes a figure look better than a new stage will be: one scene, or one shot, on both sides. */
export function checkLeaks(pictures: readonly Inspected[], pairs: readonly NearPair[]): Finding[] {
  return [...scenesOnBothSides(pictures), ...shotsOnBothSides(pictures, pairs)];
}

function scenesOnBothSides(pictures: readonly Inspected[]): Finding[] {
  const scenes = Map.groupBy(
    pictures.filter(({ entry }) => entry.scene !== undefined),
    ({ entry }) => entry.scene as string,
  );
  return [...scenes].flatMap(([scene, here]): Finding[] => {
    const learnt = here.find((picture) => roleOf(picture) === "learn");
    const judged = here.find((picture) => roleOf(picture) === "judge");
    if (!learnt || !judged) return [];
    return [
      {
        check: "leaks",
        severity: "error",
        message: `scene "${scene}" is both learnt from and judged by: give it to one split; \`dataset split\` proposes one`,
        pictures: [learnt.entry.fileName, judged.entry.fileName],
        measured: { pictures: here.length },
      },
    ];
  });
}

function shotsOnBothSides(pictures: readonly Inspected[], pairs: readonly NearPair[]): Finding[] {
  return pairs.flatMap(({ one, other, by }): Finding[] => {
    const [a, b] = [pictures[one] as Inspected, pictures[other] as Inspected];
    const names = [a.entry.fileName, b.entry.fileName];
    const sure = by === "same";
    if (roleOf(a) !== roleOf(b)) {
      // Looks alone are too common to be an alarm: one puppet looks like itself.
      if (by === "look") return [];
      return [
        {
          check: "leaks",
          severity: sure ? "error" : "warning",
          message: `${sure ? "one picture" : "what may be one shot"} is both learnt from and judged by: put both into one split`,
          pictures: names,
        },
      ];
    }
    const scenes = [a, b].map(({ entry }) => entry.scene ?? entry.fileName);
    if (by === "look" || scenes[0] === scenes[1]) return [];
    return [
      {
        check: "leaks",
        severity: "warning",
        message:
          `${sure ? "one picture" : "what may be one shot"} is in two scenes, ` +
          "so that a scene left out is not unseen: give both one scene",
        pictures: names,
      },
    ];
  });
}
