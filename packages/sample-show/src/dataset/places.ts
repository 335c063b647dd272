import { hard, paper } from "../art/felt.ts";
import type { Colour, Light } from "../light.ts";

/** Pictures of the data set are 640 x 480; places are drawn in these units. */
export const PLACE_WIDTH = 640;
export const PLACE_HEIGHT = 480;

/** Where pictures were taken, other than on the show's stage, with the lights that are found there. */
export interface Place {
  readonly id: string;
  /** For captions: "Little Red Riding Hood ... in the rehearsal room". */
  readonly where: string;
  readonly svg: string;
  /** Where feet may stand: y in place units. */
  readonly floor: number;
  readonly lights: readonly [NamedLight, ...NamedLight[]];
}

export interface NamedLight extends Light {
  readonly name: string;
  readonly phrase: string;
}

function lamp(
  name: string,
  phrase: string,
  ambient: Colour,
  key?: { x: number; y: number; colour: Colour },
): NamedLight {
  const spots = key ? [{ x: key.x, y: key.y, radiusX: 0.75, radiusY: 0.95, colour: key.colour }] : [];
  return { name, phrase, ambient, spots, vignette: 0.3 };
}

const ground = (fill: string): string => `<rect width="640" height="480" fill="${fill}"/>`;
const repeat = (count: number, draw: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => draw(i)).join("");

export const PLACES: readonly Place[] = [
  {
    id: "rehearsal-room",
    where: "in the rehearsal room",
    floor: 440,
    svg:
      ground("#b9c0c2") +
      '<rect y="372" width="640" height="108" fill="#b08a5c"/>' +
      repeat(
        9,
        (i) => `<path d="M${i * 80 - 40} 480 L${i * 62 + 72} 372" stroke="#8d6b42" stroke-width="2"/>`,
      ) +
      '<rect x="40" y="60" width="220" height="290" fill="#d5dfe2" stroke="#8e9698" stroke-width="6"/><path d="M70 330 L200 80 M110 340 L236 110" stroke="#eef5f6" stroke-width="10" opacity=".7"/>' +
      '<rect y="250" width="640" height="9" fill="#7c5a38"/><rect y="362" width="640" height="12" fill="#8f9698"/>',
    lights: [
      lamp("strip-light", "under the strip light", [0.92, 1.02, 0.94]),
      lamp("window-left", "with daylight from the left", [0.5, 0.54, 0.6], {
        x: 0.1,
        y: 0.3,
        colour: [0.55, 0.58, 0.62],
      }),
    ],
  },
  {
    id: "wooden-table",
    where: "on the wooden table",
    floor: 455,
    svg:
      ground("#5d6f63") +
      '<rect y="190" width="640" height="290" fill="#c08f5a"/>' +
      repeat(
        6,
        (i) =>
          `<rect y="${196 + i * 50}" width="640" height="46" fill="${i % 2 ? "#b98650" : "#c99a63"}"/><path d="M0 ${214 + i * 50} Q160 ${206 + i * 50} 320 ${218 + i * 50} T640 ${212 + i * 50}" fill="none" stroke="#96683a" stroke-width="2" opacity=".6"/>`,
      ) +
      '<rect y="184" width="640" height="10" fill="#8f6236"/><ellipse cx="560" cy="240" rx="44" ry="14" fill="#8c5f34" opacity=".5"/>',
    lights: [
      lamp("desk-lamp", "under the desk lamp", [0.34, 0.28, 0.2], {
        x: 0.55,
        y: 0.35,
        colour: [0.95, 0.78, 0.52],
      }),
      lamp("noon", "at noon", [1.06, 1.02, 0.95]),
    ],
  },
  {
    id: "garden",
    where: "in the garden",
    floor: 448,
    svg:
      ground("#a9d3ef") +
      '<ellipse cx="130" cy="80" rx="90" ry="26" fill="#f5fafc"/><ellipse cx="470" cy="54" rx="110" ry="24" fill="#eef6fa"/>' +
      '<path d="M0 250 Q90 180 180 236 Q260 170 360 232 Q450 176 540 236 Q600 200 640 230 L640 480 L0 480 Z" fill="#4d8a45"/>' +
      repeat(
        12,
        (i) =>
          `<rect x="${i * 56 - 10}" y="200" width="26" height="150" fill="#e9e4d6"/><path d="M${i * 56 - 10} 200 l13 -18 l13 18 Z" fill="#e9e4d6"/>`,
      ) +
      '<rect y="250" width="640" height="14" fill="#dcd5c2"/><rect y="340" width="640" height="140" fill="#79ad4e"/>' +
      repeat(
        40,
        (i) => `<path d="M${(i * 97) % 640} ${360 + ((i * 53) % 110)} l4 -16 l4 16 Z" fill="#5f9440"/>`,
      ),
    lights: [
      lamp("overcast", "on an overcast day", [0.86, 0.92, 1.0]),
      lamp("low-sun", "in the low evening sun", [0.46, 0.4, 0.4], {
        x: 0.85,
        y: 0.4,
        colour: [0.95, 0.62, 0.3],
      }),
    ],
  },
  {
    id: "plain-wall",
    where: "in front of a plain wall",
    floor: 450,
    svg:
      ground("#dcd3c2") +
      '<rect y="404" width="640" height="76" fill="#a59c8e"/><rect y="396" width="640" height="10" fill="#f2ece0"/>' +
      paper('<rect width="640" height="396" fill="#ded5c5"/>'),
    lights: [
      lamp("flash", "with flash", [0.4, 0.41, 0.43], { x: 0.5, y: 0.5, colour: [0.85, 0.85, 0.88] }),
      lamp("bulb", "by the light of one bulb", [0.72, 0.54, 0.34]),
    ],
  },
  {
    id: "workshop",
    where: "in the workshop",
    floor: 452,
    svg:
      ground("#8a6f52") +
      repeat(15, (column) =>
        repeat(7, (row) => `<circle cx="${24 + column * 43}" cy="${28 + row * 43}" r="4" fill="#5e4a35"/>`),
      ) +
      hard(
        '<path d="M70 60 h60 v22 h-60 Z M94 82 h14 v110 h-14 Z" fill="#59636b"/><path d="M500 60 L590 60 L574 180 L560 180 Z" fill="#aab4ba"/><rect x="556" y="176" width="22" height="60" rx="8" fill="#b7432e"/><path d="M240 50 a34 34 0 1 1 60 20 l-14 100 h-20 l-14 -100 a34 34 0 0 1 -12 -20" fill="#3f6d8c"/>',
      ) +
      '<rect y="352" width="640" height="128" fill="#6b6f73"/><rect y="346" width="640" height="12" fill="#494d50"/>' +
      repeat(
        12,
        (i) =>
          `<path d="M${20 + i * 53} ${376 + ((i * 37) % 80)} q12 -8 20 4 q-10 10 -20 -4" fill="#c9a878"/>`,
      ),
    lights: [
      lamp("cold-tube", "under a cold tube", [0.74, 0.9, 1.02]),
      lamp("clamp-light", "with a clamp light from the right", [0.36, 0.36, 0.38], {
        x: 0.9,
        y: 0.25,
        colour: [0.85, 0.8, 0.68],
      }),
    ],
  },
  {
    id: "window-sill",
    where: "on the window sill",
    floor: 462,
    svg:
      ground("#cfd7cc") +
      '<rect x="90" y="24" width="460" height="360" fill="#bfe0f2"/><path d="M90 300 Q220 240 330 290 Q440 250 550 290 L550 384 L90 384 Z" fill="#8fb59a"/><ellipse cx="430" cy="110" rx="70" ry="20" fill="#eef7fb"/>' +
      hard(
        '<path d="M76 10 h488 v390 h-488 Z M98 32 v346 h444 v-346 Z" fill-rule="evenodd" fill="#f6f3ec"/><rect x="310" y="30" width="18" height="350" fill="#f6f3ec"/><rect x="96" y="190" width="448" height="16" fill="#f6f3ec"/>',
      ) +
      '<rect y="396" width="640" height="84" fill="#e6dfd0"/><rect y="396" width="640" height="8" fill="#c4bba9"/>',
    lights: [
      lamp("back-light", "against the window light", [0.58, 0.62, 0.7]),
      lamp("morning", "in the morning", [1.04, 0.94, 0.82]),
    ],
  },
  {
    id: "store-room",
    where: "in the store room",
    floor: 446,
    svg:
      ground("#4d5560") +
      repeat(3, (row) => `<rect x="0" y="${116 + row * 122}" width="640" height="16" fill="#8a8f96"/>`) +
      repeat(
        4,
        (i) =>
          `<rect x="${18 + i * 160}" y="${38 + (i % 2) * 14}" width="110" height="${78 - (i % 2) * 14}" fill="${["#b98d5a", "#a67c4c", "#9aa36b", "#b98d5a"][i]}"/><rect x="${60 + i * 160}" y="${60}" width="30" height="22" fill="#f3ead8"/>`,
      ) +
      repeat(
        4,
        (i) =>
          `<rect x="${-30 + i * 190}" y="${160 + (i % 2) * 18}" width="120" height="${78 - (i % 2) * 18}" fill="${["#7e93a6", "#b98d5a", "#94705a", "#a67c4c"][i]}"/>`,
      ) +
      '<rect y="376" width="640" height="104" fill="#777068"/>',
    lights: [
      lamp("torch", "by torch light", [0.2, 0.2, 0.24], { x: 0.5, y: 0.55, colour: [0.9, 0.86, 0.76] }),
      lamp("sodium", "under the yellow ceiling lamp", [0.98, 0.78, 0.46]),
    ],
  },
];
