/** Points of a surface: place, outward normal, colour (0 to 1) and how much it shines. */
export class Cloud {
  readonly #values: Float32Array[] = [];

  /** One row a point: x, y, z, nx, ny, nz, red, green, blue, shine. */
  add(points: Float32Array): void {
    this.#values.push(points);
  }

  /** All points in one array, moved and scaled so that they just fit into the unit sphere. */
  fitted(): Float32Array {
    const length = this.#values.reduce((sum, part) => sum + part.length, 0);
    const all = new Float32Array(length);
    let at = 0;
    for (const part of this.#values) {
      all.set(part, at);
      at += part.length;
    }
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (let point = 0; point < length; point += FIELDS) {
      for (let axis = 0; axis < 3; axis++) {
        low[axis] = Math.min(low[axis]!, all[point + axis]!);
        high[axis] = Math.max(high[axis]!, all[point + axis]!);
      }
    }
    const middle = low.map((value, axis) => (value + high[axis]!) / 2);
    let radius = 1e-6;
    for (let point = 0; point < length; point += FIELDS) {
      for (let axis = 0; axis < 3; axis++) all[point + axis]! -= middle[axis]!;
      radius = Math.max(radius, Math.hypot(all[point]!, all[point + 1]!, all[point + 2]!));
    }
    for (let point = 0; point < length; point += FIELDS) {
      for (let axis = 0; axis < 3; axis++) all[point + axis]! /= radius;
    }
    return all;
  }
}

export const FIELDS = 10;
