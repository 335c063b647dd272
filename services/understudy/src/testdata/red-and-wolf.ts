import { trainUnderstudy, type TrainingSample, type UnderstudyModel } from "@followspot/recognition";

type Colour = readonly [number, number, number];

const WIDTH = 96;
const HEIGHT = 72;
const SUBJECTS: Readonly<Record<string, readonly [Colour, Colour]>> = {
  red: [
    [206, 32, 38],
    [150, 20, 26],
  ],
  wolf: [
    [70, 74, 92],
    [205, 206, 214],
  ],
};
const PLACES: readonly Colour[] = [
  [120, 138, 112],
  [168, 158, 140],
];

/** A model that has learnt two painted subjects, one red and one grey, in two places; the seed tells two apart. */
export function trainRedAndWolf(seed = 1): Promise<UnderstudyModel> {
  const samples = PLACES.flatMap((_, place) =>
    Object.keys(SUBJECTS).flatMap((label) => [0, 1].map((turn) => paint(label, place, turn))),
  );
  return trainUnderstudy(samples, { seed });
}

/** The subject on the left or on the right, striped, before a wall. */
function paint(label: string, place: number, turn: number): TrainingSample {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const [one, other] = SUBJECTS[label] as readonly [Colour, Colour];
  const box = { left: turn === 0 ? 8 : 46, top: 10 + 6 * turn, width: 40, height: 52 };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside =
        x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
      const stripe = Math.floor((y - box.top) / 9) % 2 === 0 ? one : other;
      rgb.set(inside ? stripe : (PLACES[place] as Colour), (y * WIDTH + x) * 3);
    }
  }
  return {
    picture: { rgb, width: WIDTH, height: HEIGHT },
    label,
    scene: `place-${place}`,
    objects: [{ label, box }],
  };
}
