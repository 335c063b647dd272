import { SeededRandom } from "@followspot/domain";
import { CAST } from "../cast.ts";
import type { Layer } from "../layer.ts";
import type { Pose } from "../pose.ts";
import { captionOf, groupCaption } from "./captions.ts";
import { backdropLayer, rehearsalPose, type Spot, stand } from "./compose-picture.ts";
import { type NamedLight, PLACES, type Place } from "./places.ts";
import { STRANGERS } from "./strangers.ts";
import { figureOf, heightOf, never, viewsOf } from "./subjects.ts";

/** One picture of the data set before it is rendered. */
export interface PlannedPicture {
  readonly fileName: string;
  readonly kind: "character" | "prop" | "unknown";
  readonly name: string;
  readonly scene: string;
  readonly light: NamedLight;
  readonly caption: string;
  readonly layers: readonly Layer[];
  /** Label and pose of everybody in it, for the check that the show never looks like this. */
  readonly poses: readonly { readonly label: string; readonly pose: Pose }[];
}

const PICTURES_PER_MEMBER = 12;
const GROUPS_PER_PLACE = 3;
const STRANGERS_PER_PLACE = 2;

/** Every picture of the data set, in a fixed order. The same seed plans the same pictures. */
export function planDataset(seed: number): PlannedPicture[] {
  const random = new SeededRandom(seed);
  return [...singles(random), ...groups(random), ...strangers(random), ...emptyPlaces()];
}

function* singles(random: SeededRandom): Generator<PlannedPicture> {
  for (const [at, member] of CAST.entries()) {
    for (let shot = 0; shot < PICTURES_PER_MEMBER; shot++) {
      // Shifted from member to member, so that each place is left out by some and lit both ways by most.
      const place = placeAt(at + shot);
      const light = lightAt(place, at + Math.floor((at + shot) / PLACES.length));
      const views = viewsOf(member.id);
      const pose = rehearsalPose(random, [views[shot % views.length] ?? "front"]);
      const figure = figureOf(member.id);
      const height = heightOf(member.id) * random.between(0.82, 1.12);
      const spot: Spot = { x: random.between(0.36, 0.64), height };
      const layers = [
        backdropLayer(place),
        ...stand(figure, pose, { spot, place, sink: random.between(-24, 14) }),
      ];
      const { where } = place;
      yield {
        fileName: `${member.id}-${String(shot + 1).padStart(2, "0")}.jpg`,
        kind: member.kind,
        name: member.id,
        scene: place.id,
        light,
        caption: captionOf(random, { label: member.id, view: pose.view, where, light: light.phrase }),
        layers,
        poses: [{ label: member.id, pose }],
      };
    }
  }
}

function* groups(random: SeededRandom): Generator<PlannedPicture> {
  let turn = 0;
  for (const place of PLACES) {
    for (let shot = 0; shot < GROUPS_PER_PLACE; shot++, turn++) {
      const first = CAST[turn % CAST.length];
      const second =
        CAST[(turn * 5 + 3 + (turn % CAST.length === (turn * 5 + 3) % CAST.length ? 1 : 0)) % CAST.length];
      const third = shot === 0 ? CAST[(turn * 3 + 7) % CAST.length] : undefined;
      const members = [...new Set([first, second, third])].filter((member) => member !== undefined);
      const [main] = members;
      if (!main) continue;
      const light = lightAt(place, shot);
      const step = 0.68 / members.length;
      const posed = members.map((member, index) => {
        const pose = rehearsalPose(random, viewsOf(member.id));
        const spot = {
          x: 0.16 + step * (index + 0.5) + random.between(-0.03, 0.03),
          height: heightOf(member.id) * random.between(0.62, 0.78),
        };
        return {
          label: member.id,
          pose,
          layers: stand(figureOf(member.id), pose, { spot, place, sink: random.between(-10, 12) }),
        };
      });
      yield {
        fileName: `group-${place.id}-${shot + 1}.jpg`,
        kind: main.kind,
        name: main.id,
        scene: place.id,
        light,
        caption: groupCaption(
          members.map(({ id }) => id),
          { where: place.where, light: light.phrase },
        ),
        layers: [backdropLayer(place), ...posed.flatMap(({ layers }) => layers)],
        poses: posed.map(({ label, pose }) => ({ label, pose })),
      };
    }
  }
}

function* strangers(random: SeededRandom): Generator<PlannedPicture> {
  let turn = 0;
  for (const place of PLACES) {
    for (let shot = 0; shot < STRANGERS_PER_PLACE; shot++, turn++) {
      const { figure, phrase } = STRANGERS[turn % STRANGERS.length] ?? STRANGERS[0] ?? never();
      const light = lightAt(place, shot);
      const pose = { ...rehearsalPose(random, ["front"]), tilt: random.between(-12, 12) };
      const spot = { x: random.between(0.35, 0.65), height: random.between(0.45, 0.72) };
      yield {
        fileName: `unknown-${figure.id}-${place.id}.jpg`,
        kind: "unknown",
        name: "unknown",
        scene: place.id,
        light,
        caption: `${phrase} ${place.where}, ${light.phrase}; not part of the cast.`,
        layers: [
          backdropLayer(place),
          ...stand({ ...figure, id: "unknown" }, pose, { spot, place, sink: 0 }),
        ],
        poses: [],
      };
    }
  }
}

function* emptyPlaces(): Generator<PlannedPicture> {
  for (const place of PLACES) {
    const [light] = place.lights;
    yield {
      fileName: `unknown-empty-${place.id}.jpg`,
      kind: "unknown",
      name: "unknown",
      scene: place.id,
      light,
      caption: `Nobody is ${place.where}, ${light.phrase}.`,
      layers: [backdropLayer(place)],
      poses: [],
    };
  }
}

function placeAt(index: number): Place {
  return PLACES[index % PLACES.length] ?? never();
}

function lightAt(place: Place, index: number): NamedLight {
  return place.lights[index % place.lights.length] ?? place.lights[0];
}
