import { FIELDS } from "./cloud.ts";
import type { SeededRandom } from "@followspot/domain";

export const SIDE = 96;
const SCALE = 2;
const LARGE_SIDE = SIDE * SCALE;

/** How a thing is turned (radians) and lit. */
export interface Shot {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Direction to the lamp, and how much light comes from everywhere, 0 to 1. */
  readonly lamp: readonly [number, number, number];
  readonly ambient: number;
}

/** Seen mostly from the front, now and then from anywhere; a lamp from above. */
export function anyShot(random: SeededRandom): Shot {
  const wide = random.chance(0.25) ? Math.PI : 0.9;
  const lamp = [random.between(-1, 1), random.between(0, 1.2), random.between(0, 1)] as const;
  const length = Math.hypot(...lamp) || 1;
  return {
    yaw: random.between(-wide, wide),
    pitch: random.between(-0.15, 0.8),
    roll: random.normal() * 0.15,
    lamp: [lamp[0] / length, lamp[1] / length, lamp[2] / length],
    ambient: random.between(0.3, 0.85),
  };
}

/** Draws points front to back. Returns SIDE x SIDE pixels of red, green, blue, cover, 0 to 255; not premultiplied. */
export function render(points: Float32Array, { yaw, pitch, roll, lamp, ambient }: Shot): Uint8Array {
  const count = points.length / FIELDS;
  const place = new Float32Array(count * 3);
  const turn = rotation(yaw, pitch, roll);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let point = 0; point < count; point++) {
    const at = point * FIELDS;
    const [x, y, z] = [points[at]!, points[at + 1]!, points[at + 2]!];
    const depth = turn[6]! * x + turn[7]! * y + turn[8]! * z;
    const near = 1 / (1 - depth * 0.18);
    const sx = (turn[0]! * x + turn[1]! * y + turn[2]! * z) * near;
    const sy = -(turn[3]! * x + turn[4]! * y + turn[5]! * z) * near;
    place[point * 3] = sx;
    place[point * 3 + 1] = sy;
    place[point * 3 + 2] = depth;
    if (sx < left) left = sx;
    if (sx > right) right = sx;
    if (sy < top) top = sy;
    if (sy > bottom) bottom = sy;
  }
  const zoom = (LARGE_SIDE - 6) / Math.max(right - left, bottom - top, 1e-3);
  const [offX, offY] = [
    LARGE_SIDE / 2 - ((left + right) / 2) * zoom,
    LARGE_SIDE / 2 - ((top + bottom) / 2) * zoom,
  ];
  const depths = new Float32Array(LARGE_SIDE * LARGE_SIDE).fill(-Infinity);
  const owner = new Int32Array(LARGE_SIDE * LARGE_SIDE).fill(-1);
  for (let point = 0; point < count; point++) {
    const x = Math.floor(place[point * 3]! * zoom + offX - 1);
    const y = Math.floor(place[point * 3 + 1]! * zoom + offY - 1);
    const depth = place[point * 3 + 2]!;
    // Three by three pixels a point, so that surfaces have no holes.
    for (let dy = 0; dy < 3; dy++) {
      for (let dx = 0; dx < 3; dx++) {
        const [px, py] = [x + dx, y + dy];
        if (px < 0 || py < 0 || px >= LARGE_SIDE || py >= LARGE_SIDE) continue;
        const pixel = py * LARGE_SIDE + px;
        if (depth > depths[pixel]!) {
          depths[pixel] = depth;
          owner[pixel] = point;
        }
      }
    }
  }
  for (let round = 0; round < 2; round++) closeHoles(owner);
  return shade({ points, owner, turn, lamp, ambient });
}

/** Where points lie too far apart, what is seen between them is their neighbour's. */
function closeHoles(owner: Int32Array): void {
  const before = Int32Array.from(owner);
  for (let y = 1; y < LARGE_SIDE - 1; y++) {
    for (let x = 1; x < LARGE_SIDE - 1; x++) {
      const at = y * LARGE_SIDE + x;
      if (before[at]! >= 0) continue;
      let neighbours = 0;
      let one = -1;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const other = before[at + dy * LARGE_SIDE + dx]!;
          if (other >= 0) {
            neighbours++;
            one = other;
          }
        }
      }
      if (neighbours >= 5) owner[at] = one;
    }
  }
}

interface Shading {
  readonly points: Float32Array;
  readonly owner: Int32Array;
  readonly turn: Float64Array;
  readonly lamp: readonly [number, number, number];
  readonly ambient: number;
}

function shade({ points, owner, turn, lamp, ambient }: Shading): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE * 4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let [red, green, blue, cover] = [0, 0, 0, 0];
      for (let sub = 0; sub < SCALE * SCALE; sub++) {
        const point = owner[(y * SCALE + (sub >> 1)) * LARGE_SIDE + x * SCALE + (sub & 1)]!;
        if (point < 0) continue;
        const at = point * FIELDS;
        const [nx, ny, nz] = [points[at + 3]!, points[at + 4]!, points[at + 5]!];
        const wx = turn[0]! * nx + turn[1]! * ny + turn[2]! * nz;
        const wy = turn[3]! * nx + turn[4]! * ny + turn[5]! * nz;
        const wz = turn[6]! * nx + turn[7]! * ny + turn[8]! * nz;
        const facing = Math.max(0, wx * lamp[0] + wy * lamp[1] + wz * lamp[2]);
        const light = ambient * (0.8 + 0.2 * wy) + (1.15 - ambient) * facing;
        const glint = points[at + 9]! * Math.max(0, 2 * facing * wz - lamp[2]) ** 12;
        red += points[at + 6]! * light + glint;
        green += points[at + 7]! * light + glint;
        blue += points[at + 8]! * light + glint;
        cover++;
      }
      if (cover === 0) continue;
      const to = (y * SIDE + x) * 4;
      out[to] = Math.min(255, (red / cover) * 255);
      out[to + 1] = Math.min(255, (green / cover) * 255);
      out[to + 2] = Math.min(255, (blue / cover) * 255);
      out[to + 3] = (cover / (SCALE * SCALE)) * 255;
    }
  }
  return out;
}

function rotation(yaw: number, pitch: number, roll: number): Float64Array {
  const [cy, sy, cp, sp, cr, sr] = [
    Math.cos(yaw),
    Math.sin(yaw),
    Math.cos(pitch),
    Math.sin(pitch),
    Math.cos(roll),
    Math.sin(roll),
  ];
  // Turned about the upright axis, tilted towards the eye, then rolled.
  return Float64Array.of(
    cr * cy + sr * sp * sy,
    -sr * cp,
    cr * sy * -1 * -1 - sr * sp * cy,
    sr * cy - cr * sp * sy,
    cr * cp,
    sr * sy + cr * sp * cy,
    -cp * sy,
    -sp,
    cp * cy,
  );
}
