import type { Finding } from "./finding.ts";
import { Groups } from "./groups.ts";
import type { Inspected } from "./inspect-picture.ts";
import type { NearPair } from "./near-duplicates.ts";

/** Pictures of one group that are named; the rest is counted. */
const NAMED = 6;

/** Equal pixels and single shots as groups, alike looks as pairs, the most alike first. */
export function checkDuplicates(pictures: readonly Inspected[], pairs: readonly NearPair[]): Finding[] {
  const same = groupsOf(pictures, pairs, ["same"]);
  // A picture that is there twice counts once in a shot.
  const shots = groupsOf(pictures, pairs, ["same", "shot"]).filter(
    (group) => new Set(group.map(({ pixels }) => pixels)).size > 1,
  );
  const looks = pairs.filter(({ by }) => by === "look").toSorted((a, b) => b.likeness - a.likeness);
  return [
    ...same.map((group): Finding => {
      const labels = labelsOf(group);
      const times = group.length === 2 ? "twice" : `${group.length} times`;
      return labels.length > 1
        ? {
            check: "duplicates",
            severity: "error",
            message: `the same pixels are there ${times}, as ${labels.join(" and as ")}: keep the right one`,
            ...named(group),
          }
        : {
            check: "duplicates",
            severity: "warning",
            message: `the same pixels are there ${times}: keep one`,
            ...named(group),
          };
    }),
    ...shots.map((group): Finding => {
      const labels = labelsOf(group);
      const conflict = labels.length > 1 ? `, as ${labels.join(" and as ")}` : "";
      return {
        check: "near-duplicates",
        severity: "warning",
        message: `${group.length} pictures may be one shot${conflict}: keep the best, or give them one scene`,
        ...named(group),
      };
    }),
    ...looks.map(({ one, other, likeness }): Finding => {
      const [a, b] = [pictures[one] as Inspected, pictures[other] as Inspected];
      const labels = labelsOf([a, b]);
      return {
        check: "near-duplicates",
        severity: "note",
        message:
          labels.length > 1
            ? `${labels.join(" and ")} look alike in these two: is one of the names wrong?`
            : `${labels[0]} looks nearly the same in these two: are they crops of one shot?`,
        pictures: [a.entry.fileName, b.entry.fileName],
        measured: { likeness: Math.round(likeness * 1_000) / 1_000 },
      };
    }),
  ];
}

/** Groups of two or more that these kinds of pairs join. */
export function groupsOf(
  pictures: readonly Inspected[],
  pairs: readonly NearPair[],
  kinds: readonly NearPair["by"][],
): Inspected[][] {
  const groups = new Groups(pictures.length);
  for (const { one, other, by } of pairs) if (kinds.includes(by)) groups.join(one, other);
  const members = Map.groupBy(pictures.keys(), (index) => groups.of(index));
  return [...members.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.map((index) => pictures[index] as Inspected));
}

function labelsOf(group: readonly Inspected[]): string[] {
  return [...new Set(group.map(({ entry }) => entry.label))].sort();
}

function named(group: readonly Inspected[]): Pick<Finding, "pictures" | "measured"> {
  return {
    pictures: group.slice(0, NAMED).map(({ entry }) => entry.fileName),
    measured: { pictures: group.length },
  };
}
