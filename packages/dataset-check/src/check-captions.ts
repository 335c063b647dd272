import { type DatasetPicture } from "@followspot/dataset";
import { type CastMember, UNKNOWN_LABEL } from "@followspot/domain";
import { CastNames } from "./cast-names.ts";
import type { Finding } from "./finding.ts";

/** Captions and cast list against each other. Without a cast list only what the data set itself tells. */
export function checkCaptions(
  pictures: readonly DatasetPicture[],
  cast: readonly CastMember[] | undefined,
): Finding[] {
  const findings: Finding[] = [];
  const strange: [picture: DatasetPicture, message: string][] = [];
  const names = new CastNames(cast ?? castOf(pictures));
  const add = (picture: DatasetPicture, severity: Finding["severity"], message: string) =>
    findings.push({
      check: "captions",
      severity,
      message,
      pictures: [picture.fileName],
      place: picture.place,
    });
  for (const picture of pictures) {
    const { label, kind, caption, objects } = picture;
    const here = new Set([label, ...(objects ?? []).map((object) => object.label)]);
    if (cast) checkMembership(picture, here, cast, add);
    if (!caption?.trim()) {
      if (label !== UNKNOWN_LABEL)
        add(picture, "note", `there is no caption: say who ${label} is here and what it does`);
      continue;
    }
    const { members, strangers } = names.read(caption);
    if (kind !== "unknown" && cast && !members.has(label)) {
      add(picture, "warning", `the caption does not name ${label}: use its name or an alias of show.yaml`);
    }
    const others = [...members].filter((id) => !here.has(id));
    if (cast && others.length > 0) {
      const seen = others.join(" and ");
      add(
        picture,
        "warning",
        `the caption names ${seen}, and the picture is not said to show it: frame it, or take it out`,
      );
    }
    if (cast && strangers.length > 0) {
      const who = strangers.map((name) => `"${name}"`).join(" and ");
      strange.push([
        picture,
        `the caption names ${who}, which the cast list does not know: add an alias, or take it out`,
      ]);
    }
  }
  // Where most captions have capitals inside, their language writes every noun so.
  const captioned = pictures.filter(({ caption }) => caption?.trim()).length;
  if (strange.length * 2 <= captioned)
    for (const [picture, message] of strange) add(picture, "note", message);
  return [
    ...findings,
    ...sameForAll(pictures),
    ...(cast ?? []).flatMap((member) => checkIdentity(member, names)),
  ];
}

function checkMembership(
  picture: DatasetPicture,
  here: ReadonlySet<string>,
  cast: readonly CastMember[],
  add: (picture: DatasetPicture, severity: Finding["severity"], message: string) => void,
): void {
  for (const label of here) {
    const member = cast.find(({ id }) => id === label);
    if (label === UNKNOWN_LABEL) continue;
    if (!member)
      add(picture, "error", `${label} is not in the cast list: add it to show.yaml, or correct the name`);
    else if (label === picture.label && picture.kind !== "unknown" && picture.kind !== member.kind) {
      add(
        picture,
        "warning",
        `${label} is a ${picture.kind} here and a ${member.kind} in show.yaml: make them agree`,
      );
    }
  }
}

/** One sentence for every picture says nothing about any of them. */
function sameForAll(pictures: readonly DatasetPicture[]): Finding[] {
  const known = pictures.filter(({ label, caption }) => label !== UNKNOWN_LABEL && caption?.trim());
  return [...Map.groupBy(known, ({ label }) => label)].flatMap(([label, of]): Finding[] => {
    if (of.length < 3 || new Set(of.map(({ caption }) => caption)).size > 1) return [];
    const message = `all ${of.length} captions of ${label} are the same: say of each what is to be seen in it`;
    return [{ check: "captions", severity: "note", message, pictures: [] }];
  });
}

/** Words of what somebody does at the moment, or where: neither helps to know them again elsewhere. */
const STATE =
  /\b(?:sitting|standing|lying|holding|running|walking|sleeping|eating|smiling|crying|waving|jumping|hiding|looking|facing|turned|asleep|awake|now|later|sometimes|currently|today)\b/giu;
const PLACE =
  /\b(?:in front of|in the|on the|at the|under the|behind the|beside the|next to the|near the|stage|background|indoors|outdoors)\b/giu;

function checkIdentity({ id, description }: CastMember, names: CastNames): Finding[] {
  const words = (pattern: RegExp) => [...new Set(description.toLowerCase().match(pattern) ?? [])];
  // "The girl in the red hood" is no place.
  const places = words(PLACE).filter((word) => !/^in the$/.test(word) || PLACE_NOUN.test(description));
  const found = [
    [words(STATE), "what it does at the moment"],
    [places, "a place"],
    [[...names.read(description).members].filter((other) => other !== id), "another member of the cast"],
  ] as const;
  return found
    .filter(([said]) => said.length > 0)
    .map(([said, what]) => ({
      check: "captions",
      severity: "note",
      message: `the description of ${id} in show.yaml tells ${what} ("${said.join('", "')}"): keep to looks that do not change`,
      pictures: [],
    }));
}

const PLACE_NOUN =
  /\bin the (?:[\p{L}-]+ )?(?:forest|wood|woods|garden|house|kitchen|bed|room|sky|night|dark|corner|background|middle|street|field)\b/iu;

/** Where there is no cast list, everybody is called by their id. */
function castOf(pictures: readonly DatasetPicture[]): CastMember[] {
  const ids = new Set(pictures.map(({ label }) => label));
  ids.delete(UNKNOWN_LABEL);
  return [...ids].map((id) => ({
    id,
    kind: "character",
    name: id.replaceAll(/[_-]/g, " "),
    aliases: [],
    description: "",
  }));
}
