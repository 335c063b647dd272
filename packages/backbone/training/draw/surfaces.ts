import { FIELDS } from "./cloud.ts";
import type { Paint } from "./paint.ts";

type Vector = readonly [x: number, y: number, z: number];

/** Where a part sits: scaled by axis, then turned about x, y and z (radians), then moved. Up is +y, forward +z. */
export interface Pose {
  readonly at: Vector;
  readonly size?: Vector;
  readonly turn?: Vector;
}

type Surface = (u: number, v: number) => Vector;

/** Samples a surface of 0 <= u, v <= 1; normals from neighbours, outwards as seen from the part's middle. */
export function sample(
  surface: Surface,
  paint: Paint,
  pose: Pose,
  [across, along]: readonly [number, number],
): Float32Array {
  const points = new Float32Array(across * along * FIELDS);
  const move = placer(pose);
  const step = 1e-3;
  let out = 0;
  for (let row = 0; row < along; row++) {
    const v = (row + 0.5) / along;
    for (let column = 0; column < across; column++) {
      const u = (column + 0.5) / across;
      const here = move(surface(u, v));
      const right = move(surface(u + step, v));
      const below = move(surface(u, Math.min(1, v + step)));
      const above = move(surface(u, Math.max(0, v - step)));
      const du = [right[0] - here[0], right[1] - here[1], right[2] - here[2]] as const;
      const dv = [below[0] - above[0], below[1] - above[1], below[2] - above[2]] as const;
      let nx = du[1] * dv[2] - du[2] * dv[1];
      let ny = du[2] * dv[0] - du[0] * dv[2];
      let nz = du[0] * dv[1] - du[1] * dv[0];
      const length = Math.hypot(nx, ny, nz) || 1;
      const outwards =
        nx * (here[0] - pose.at[0]) + ny * (here[1] - pose.at[1]) + nz * (here[2] - pose.at[2]) < 0 ? -1 : 1;
      nx *= outwards / length;
      ny *= outwards / length;
      nz *= outwards / length;
      const [red, green, blue] = paint.at(u, v);
      points.set([here[0], here[1], here[2], nx, ny, nz, red, green, blue, paint.shine], out);
      out += FIELDS;
    }
  }
  return points;
}

function placer({ at, size = [1, 1, 1], turn = [0, 0, 0] }: Pose): (place: Vector) => Vector {
  const [cx, cy, cz] = turn.map(Math.cos) as [number, number, number];
  const [sx, sy, sz] = turn.map(Math.sin) as [number, number, number];
  return ([px, py, pz]) => {
    const x = px * size[0];
    const y = py * size[1];
    const z = pz * size[2];
    const y1 = y * cx - z * sx;
    const z1 = y * sx + z * cx;
    const x2 = x * cy + z1 * sy;
    const z2 = -x * sy + z1 * cy;
    return [x2 * cz - y1 * sz + at[0], x2 * sz + y1 * cz + at[1], z2 + at[2]];
  };
}

/** A ball, dented: radius 1 + the sum of the waves. v goes from the top down. */
export function ball(
  waves: readonly {
    readonly times: number;
    readonly rows: number;
    readonly depth: number;
    readonly phase: number;
  }[] = [],
): Surface {
  return (u, v) => {
    const around = u * 2 * Math.PI;
    const down = v * Math.PI;
    let radius = 1;
    for (const { times, rows, depth, phase } of waves)
      radius += depth * Math.sin(times * around + phase) * Math.sin(rows * down);
    const flat = radius * Math.sin(down);
    return [flat * Math.sin(around), radius * Math.cos(down), flat * Math.cos(around)];
  };
}

/** A profile turned about the upright axis: radii from the top (y = 1) to the bottom (y = -1), caps included. */
export function lathe(radii: readonly number[]): Surface {
  return (u, v) => {
    const around = u * 2 * Math.PI;
    // A tenth of v each is the lid and the floor.
    const inside = Math.min(1, Math.max(0, (v - 0.1) / 0.8));
    const place = inside * (radii.length - 1);
    const from = Math.min(radii.length - 2, Math.floor(place));
    const part = place - from;
    let radius = radii[from]! * (1 - part) + radii[from + 1]! * part;
    if (v < 0.1) radius *= v / 0.1;
    if (v > 0.9) radius *= (1 - v) / 0.1;
    return [radius * Math.sin(around), 1 - 2 * inside, radius * Math.cos(around)];
  };
}

/** A box with rounded edges; power 2 is a ball, 10 nearly a box. */
export function roundedBox(power: number): Surface {
  return (u, v) => {
    const around = u * 2 * Math.PI;
    const down = v * Math.PI;
    const x = Math.sin(down) * Math.sin(around);
    const y = Math.cos(down);
    const z = Math.sin(down) * Math.cos(around);
    const far = (Math.abs(x) ** power + Math.abs(y) ** power + Math.abs(z) ** power) ** (-1 / power);
    return [x * far, y * far, z * far];
  };
}

/** A tube along a curve of control points (a quadratic arc); radius tapers. */
export function tube(from: Vector, over: Vector, to: Vector, thick: number, thin: number): Surface {
  const point = (t: number): Vector =>
    [0, 1, 2].map(
      (axis) => (1 - t) ** 2 * from[axis]! + 2 * t * (1 - t) * over[axis]! + t * t * to[axis]!,
    ) as unknown as Vector;
  return (u, v) => {
    const t = Math.min(1, Math.max(0, (v - 0.05) / 0.9));
    const here = point(t);
    const next = point(t + 0.01);
    const direction = [next[0] - here[0], next[1] - here[1], next[2] - here[2]] as const;
    const length = Math.hypot(...direction) || 1;
    const d = direction.map((value) => value / length) as unknown as Vector;
    const helper: Vector = Math.abs(d[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0];
    const a = normalized(cross(d, helper));
    const b = cross(d, a);
    let radius = thick + (thin - thick) * t;
    if (v < 0.05) radius *= v / 0.05;
    if (v > 0.95) radius *= (1 - v) / 0.05;
    const c = Math.cos(u * 2 * Math.PI) * radius;
    const s = Math.sin(u * 2 * Math.PI) * radius;
    return [here[0] + a[0] * c + b[0] * s, here[1] + a[1] * c + b[1] * s, here[2] + a[2] * c + b[2] * s];
  };
}

export function ring(thickness: number): Surface {
  return (u, v) => {
    const around = u * 2 * Math.PI;
    const about = v * 2 * Math.PI;
    const radius = 1 + thickness * Math.cos(about);
    return [radius * Math.sin(around), radius * Math.cos(around), thickness * Math.sin(about)];
  };
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function normalized(vector: Vector): Vector {
  const length = Math.hypot(...vector) || 1;
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
