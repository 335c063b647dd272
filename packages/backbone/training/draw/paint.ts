import type { SeededRandom } from "@followspot/domain";

export type Colour = readonly [red: number, green: number, blue: number];

/** A colour and its shine at a place of a surface: u around it, v along it, both 0 to 1. */
export interface Paint {
  readonly shine: number;
  at(u: number, v: number): Colour;
}

/** @param hue turns, @param saturation 0 to 1, @param value 0 to 1 */
export function colourOf(hue: number, saturation: number, value: number): Colour {
  const channel = (shift: number) => {
    const k = (shift + hue * 6) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Toys and costumes are often white, black, brown or of one strong colour. */
export function anyColour(random: SeededRandom): Colour {
  const kind = random.next();
  if (kind < 0.12) return colourOf(random.next(), 0.08 * random.next(), random.between(0.8, 1));
  if (kind < 0.2) return colourOf(random.next(), 0.3 * random.next(), random.between(0.03, 0.2));
  if (kind < 0.3) return colourOf(random.next(), 0.1 * random.next(), random.between(0.25, 0.75));
  if (kind < 0.48)
    return colourOf(random.between(0.03, 0.13), random.between(0.25, 0.75), random.between(0.2, 0.9));
  return colourOf(random.next(), random.between(0.35, 1), random.between(0.3, 1));
}

export function mixed(one: Colour, other: Colour, share: number): Colour {
  return [
    one[0] + (other[0] - one[0]) * share,
    one[1] + (other[1] - one[1]) * share,
    one[2] + (other[2] - one[2]) * share,
  ];
}

export function shaded([red, green, blue]: Colour, factor: number): Colour {
  return [Math.min(1, red * factor), Math.min(1, green * factor), Math.min(1, blue * factor)];
}

/** Smooth noise on a torus of period 1, -1 to 1; octaves halve in strength. */
export function noise(random: SeededRandom, cells: number, octaves = 3): (u: number, v: number) => number {
  const grids = Array.from({ length: octaves }, (_, octave) => {
    const side = Math.max(2, Math.round(cells * 2 ** octave));
    return { side, values: Float32Array.from({ length: side * side }, () => random.between(-1, 1)) };
  });
  return (u, v) => {
    let sum = 0;
    let weight = 1;
    let total = 0;
    for (const { side, values } of grids) {
      const x = (u - Math.floor(u)) * side;
      const y = (v - Math.floor(v)) * side;
      const x0 = Math.floor(x) % side;
      const y0 = Math.floor(y) % side;
      const x1 = (x0 + 1) % side;
      const y1 = (y0 + 1) % side;
      const fx = smooth(x - Math.floor(x));
      const fy = smooth(y - Math.floor(y));
      const top = values[y0 * side + x0]! * (1 - fx) + values[y0 * side + x1]! * fx;
      const bottom = values[y1 * side + x0]! * (1 - fx) + values[y1 * side + x1]! * fx;
      sum += weight * (top * (1 - fy) + bottom * fy);
      total += weight;
      weight /= 2;
    }
    return sum / total;
  };
}

function smooth(share: number): number {
  return share * share * (3 - 2 * share);
}

type Pattern = (random: SeededRandom, palette: () => Colour) => (u: number, v: number) => Colour;

const plain: Pattern = (_random, palette) => {
  const colour = palette();
  return () => colour;
};

const stripes: Pattern = (random, palette) => {
  const colours = [palette(), palette(), palette()];
  const bands = 2 + random.below(9);
  const slant = random.chance(0.5) ? 0 : random.pick([bands, 1, 2, -1]);
  const upright = random.chance(0.3);
  const width = random.between(0.25, 0.75);
  const three = random.chance(0.3);
  return (u, v) => {
    const along = upright ? u * bands + v * slant : v * bands + u * slant;
    const part = along - Math.floor(along);
    if (part < width) return colours[0]!;
    return three && Math.floor(along) % 2 === 0 ? colours[2]! : colours[1]!;
  };
};

const checks: Pattern = (random, palette) => {
  const [one, other] = [palette(), palette()];
  const across = 3 + random.below(8);
  const along = 2 + random.below(7);
  const plaid = random.chance(0.5);
  return (u, v) => {
    const first = (u * across) % 1 < 0.5;
    const second = (v * along) % 1 < 0.5;
    if (plaid) return mixed(one, other, (Number(first) + Number(second)) / 2);
    return first === second ? one : other;
  };
};

const dots: Pattern = (random, palette) => {
  const [ground, dot] = [palette(), palette()];
  const across = 3 + random.below(8);
  const along = 2 + random.below(6);
  const radius = random.between(0.15, 0.42) ** 2;
  return (u, v) => {
    const row = Math.floor(v * along);
    const x = ((u * across + (row % 2) * 0.5) % 1) - 0.5;
    const y = v * along - row - 0.5;
    return x * x + y * y < radius ? dot : ground;
  };
};

const blotches: Pattern = (random, palette) => {
  const [one, other] = [palette(), palette()];
  const field = noise(random, 2 + random.below(5), 2);
  const level = random.between(-0.3, 0.4);
  const soft = random.chance(0.4) ? 0.5 : 0.05;
  return (u, v) => mixed(one, other, Math.min(1, Math.max(0, (field(u, v) - level) / soft)));
};

const fade: Pattern = (random, palette) => {
  const [one, other] = [palette(), palette()];
  const from = random.between(0, 0.5);
  const to = from + random.between(0.1, 0.5);
  return (_u, v) => mixed(one, other, Math.min(1, Math.max(0, (v - from) / (to - from))));
};

/** A label with something like letters, once or twice around. */
const label: Pattern = (random, palette) => {
  const [ground, card, ink] = [palette(), palette(), palette()];
  const bands = random.chance(0.4) ? palette() : ground;
  const half = random.between(0.12, 0.3);
  const from = random.between(0.15, 0.4);
  const to = from + random.between(0.2, 0.45);
  const rows = 2 + random.below(3);
  const columns = 5 + random.below(8);
  const marks = Uint8Array.from({ length: rows * 3 * columns * 3 }, () => Number(random.chance(0.5)));
  const times = random.pick([1, 2, 2]);
  return (u, v) => {
    const x = ((u * times + 0.5) % 1) - 0.5;
    if (v < 0.08 || v > 0.92) return bands;
    if (Math.abs(x) > half || v < from || v > to) return ground;
    const column = Math.floor(((x + half) / (2 * half)) * columns * 3);
    const row = Math.floor(((v - from) / (to - from)) * rows * 3);
    if (row % 3 === 2 || column % 3 === 2) return card;
    return marks[row * columns * 3 + column] ? ink : card;
  };
};

/** Large simple shapes: a patch, a star, a ring, a bar. */
const emblem: Pattern = (random, palette) => {
  const [ground, mark, second] = [palette(), palette(), palette()];
  const places = Array.from({ length: 1 + random.below(3) }, () => ({
    u: random.next(),
    v: random.between(0.2, 0.8),
    size: random.between(0.06, 0.22),
    points: random.below(7),
    colour: random.chance(0.5) ? mark : second,
    hollow: random.chance(0.3),
  }));
  return (u, v) => {
    for (const place of places) {
      let x = u - place.u;
      x -= Math.round(x);
      x *= 2;
      const y = v - place.v;
      const far =
        Math.hypot(x, y) * (1 + (place.points > 2 ? 0.3 * Math.cos(Math.atan2(y, x) * place.points) : 0));
      if (far < place.size && !(place.hollow && far < place.size * 0.6)) return place.colour;
    }
    return ground;
  };
};

const PATTERNS = [plain, stripes, checks, dots, blotches, fade, label, emblem] as const;
const WEIGHTS = [9, 3, 1.5, 1.5, 2.5, 1.5, 2, 2];

/** What a part may be painted with, from a palette. Grain: fur, knitting, felt or none. */
export function anyPaint(random: SeededRandom, palette: () => Colour): Paint {
  let draw = random.next() * WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  let chosen = 0;
  while (draw >= WEIGHTS[chosen]! && chosen < WEIGHTS.length - 1) draw -= WEIGHTS[chosen++]!;
  const pattern = PATTERNS[chosen]!(random, palette);
  const matt = random.chance(0.65);
  const grain = matt ? noise(random, random.pick([6, 12, 20]), 2) : undefined;
  const depth = random.between(0.05, 0.4);
  const knit = matt && random.chance(0.2) ? 20 + random.below(30) : 0;
  return {
    shine: matt ? 0 : random.between(0.1, 0.9),
    at: (u, v) => {
      let factor = 1;
      if (grain) factor += depth * grain(u, v);
      if (knit && Math.floor(v * knit) % 2 === 0) factor *= 0.85;
      const colour = pattern(u, v);
      return factor === 1 ? colour : shaded(colour, factor);
    },
  };
}

/** A few colours that are used again and again on one thing. */
export function anyPalette(random: SeededRandom): () => Colour {
  const colours = Array.from({ length: 1 + random.below(4) }, () => anyColour(random));
  return () => colours[random.below(colours.length)]!;
}
