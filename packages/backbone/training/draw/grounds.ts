import type { SeededRandom } from "@followspot/domain";
import { anyColour, type Colour, colourOf, mixed, noise, shaded } from "./paint.ts";

export const GROUND_SIDE = 128;

type Texture = (x: number, y: number) => Colour;

/** A place: floor and wall or one of them, in turn of boards, bricks, grass, stones, cloth, leaves or plain colour. */
export function drawGround(random: SeededRandom): Uint8Array {
  const out = new Float32Array(GROUND_SIDE * GROUND_SIDE * 3);
  const split = random.chance(0.6) ? random.between(0.15, 0.85) : 2;
  const slope = random.between(-0.15, 0.15);
  const upper = anyTexture(random);
  const lower = anyTexture(random);
  const light = noise(random, 2, 1);
  const depth = random.between(0, 0.4);
  for (let y = 0; y < GROUND_SIDE; y++) {
    for (let x = 0; x < GROUND_SIDE; x++) {
      const [u, v] = [x / GROUND_SIDE, y / GROUND_SIDE];
      const horizon = split + slope * (u - 0.5);
      // A floor runs away from the eye: what is far is small.
      const colour =
        v < horizon
          ? upper(u, v)
          : lower((u - 0.5) / (0.4 + v - horizon) + 0.5, Math.log(0.25 + v - horizon));
      const [red, green, blue] = shaded(colour, 1 + depth * light(u * 0.9, v * 0.9));
      out.set([red, green, blue], (y * GROUND_SIDE + x) * 3);
    }
  }
  for (let thing = random.chance(0.5) ? random.below(25) : 0; thing > 0; thing--) stamp(out, random);
  return Uint8Array.from(out, (value) => Math.max(0, Math.min(255, value * 255)));
}

function anyTexture(random: SeededRandom): Texture {
  const textures = [plain, cloudy, cloudy, boards, bricks, speckled, blades, blades, leaves, leaves, curtain];
  return textures[random.below(textures.length)]!(random);
}

/** Places are less colourful than what stands in them: earth, wood, stone, leaves, sky, walls; and now and then not. */
function groundColour(random: SeededRandom): Colour {
  const kind = random.next();
  if (kind < 0.25) return anyColour(random);
  if (kind < 0.5) return colourOf(random.next(), random.between(0, 0.15), random.between(0.1, 1));
  if (kind < 0.7)
    return colourOf(random.between(0.04, 0.13), random.between(0.1, 0.6), random.between(0.15, 0.9));
  if (kind < 0.88)
    return colourOf(random.between(0.18, 0.4), random.between(0.15, 0.7), random.between(0.1, 0.75));
  return colourOf(random.between(0.5, 0.68), random.between(0.1, 0.6), random.between(0.2, 1));
}

function plain(random: SeededRandom): Texture {
  const colour = groundColour(random);
  return () => colour;
}

function cloudy(random: SeededRandom): Texture {
  const [one, other] = [groundColour(random), groundColour(random)];
  const share = random.between(0.1, 1);
  const field = noise(random, 1 + random.below(10), 4);
  return (x, y) => mixed(one, other, share * Math.min(1, Math.max(0, 0.5 + field(x, y))));
}

function boards(random: SeededRandom): Texture {
  const wood = groundColour(random);
  const count = 3 + random.below(12);
  const tones = Array.from({ length: 40 }, () => random.between(0.75, 1.15));
  const grain = noise(random, 4, 3);
  const upright = random.chance(0.5);
  return (x, y) => {
    const across = (upright ? x : y) * count;
    const board = Math.floor(across);
    if (across - board < 0.06) return shaded(wood, 0.4);
    const along = upright ? y : x;
    return shaded(wood, tones[Math.abs(board) % 40]! * (1 + 0.2 * grain(across * 0.6, along * 0.3)));
  };
}

function bricks(random: SeededRandom): Texture {
  const [stone, joint] = [groundColour(random), groundColour(random)];
  const rows = 4 + random.below(12);
  const long = random.between(1, 3);
  const gap = random.between(0.05, 0.2);
  const tones = Array.from({ length: 97 }, () => random.between(0.65, 1.25));
  return (x, y) => {
    const row = Math.floor(y * rows);
    const place = (x * rows) / long + (row % 2) * 0.5;
    const column = Math.floor(place);
    if (y * rows - row < gap || place - column < gap / long) return joint;
    return shaded(stone, tones[Math.abs(row * 31 + column * 17) % 97]!);
  };
}

function speckled(random: SeededRandom): Texture {
  const colours = [groundColour(random), groundColour(random), groundColour(random)];
  const field = noise(random, 30 + random.below(40), 1);
  const coarse = noise(random, 4, 2);
  return (x, y) => {
    const value = field(x, y) + 0.4 * coarse(x, y);
    return value < -0.3 ? colours[0]! : value < 0.35 ? colours[1]! : colours[2]!;
  };
}

function blades(random: SeededRandom): Texture {
  const [one, other] = [groundColour(random), groundColour(random)];
  const fine = noise(random, 12 + random.below(40), 2);
  const bend = noise(random, 3, 1);
  const stretch = random.between(0.1, 0.5);
  return (x, y) =>
    shaded(mixed(one, other, 0.5 + 0.5 * bend(x, y)), 1 + 0.9 * fine(x + 0.1 * bend(x, y), y * stretch));
}

function leaves(random: SeededRandom): Texture {
  const colours = Array.from({ length: 3 + random.below(4) }, () => groundColour(random));
  const one = groundColour(random);
  const related = random.chance(0.5);
  const cells = 3 + random.below(12);
  const jitter = Float32Array.from({ length: 4096 * 2 }, () => random.next());
  const hash = (x: number, y: number) => (Math.imul(x, 374761393) + Math.imul(y, 668265263)) & 4095;
  return (x, y) => {
    const [px, py] = [x * cells, y * cells];
    const [cx, cy] = [Math.floor(px), Math.floor(py)];
    let nearest = Infinity;
    let owner = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const key = hash(cx + dx, cy + dy);
        const far = (cx + dx + jitter[key * 2]! - px) ** 2 + (cy + dy + jitter[key * 2 + 1]! - py) ** 2;
        if (far < nearest) [nearest, owner] = [far, key];
      }
    }
    const tone = 0.7 + 0.5 * jitter[owner * 2]!;
    return shaded(related ? one : colours[owner % colours.length]!, tone * (1.1 - 0.5 * nearest));
  };
}

function curtain(random: SeededRandom): Texture {
  const cloth = groundColour(random);
  const folds = random.between(2, 14);
  const phase = noise(random, 3, 1);
  return (x, y) => shaded(cloth, 0.7 + 0.35 * Math.sin(6.28 * (x * folds + 0.3 * phase(x, y * 0.3))));
}

/** A soft or hard blob, bar or ring somewhere: clutter that is nobody. */
function stamp(out: Float32Array, random: SeededRandom): void {
  const colour = anyColour(random);
  const [cx, cy] = [random.next() * GROUND_SIDE, random.next() * GROUND_SIDE];
  const [rx, ry] = [random.between(1, 16), random.between(1, 16)];
  const turn = random.between(0, 3.14);
  const square = random.chance(0.5);
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const reach = Math.ceil(Math.hypot(rx, ry));
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(GROUND_SIDE, cy + reach); y++) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(GROUND_SIDE, cx + reach); x++) {
      const u = ((x - cx) * c + (y - cy) * s) / rx;
      const v = ((y - cy) * c - (x - cx) * s) / ry;
      if (square ? Math.max(Math.abs(u), Math.abs(v)) > 1 : u * u + v * v > 1) continue;
      out.set(colour, (y * GROUND_SIDE + x) * 3);
    }
  }
}
