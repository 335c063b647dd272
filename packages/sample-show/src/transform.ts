/** A plane affine map: x' = a x + c y + e, y' = b x + d y + f. */
export interface Transform {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const IDENTITY: Transform = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** `first` is applied first, then `second`. */
export function compose(first: Transform, second: Transform): Transform {
  return {
    a: second.a * first.a + second.c * first.b,
    b: second.b * first.a + second.d * first.b,
    c: second.a * first.c + second.c * first.d,
    d: second.b * first.c + second.d * first.d,
    e: second.a * first.e + second.c * first.f + second.e,
    f: second.b * first.e + second.d * first.f + second.f,
  };
}

export function translation(x: number, y: number): Transform {
  return { ...IDENTITY, e: x, f: y };
}

export function scaling(x: number, y = x): Transform {
  return { ...IDENTITY, a: x, d: y };
}

/** Clockwise on the screen (y grows downwards), in degrees, about a point. */
export function rotation(degrees: number, [x, y]: readonly [number, number] = [0, 0]): Transform {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return { a: cos, b: sin, c: -sin, d: cos, e: x - cos * x + sin * y, f: y - sin * x - cos * y };
}

export function apply(t: Transform, x: number, y: number): [number, number] {
  return [t.a * x + t.c * y + t.e, t.b * x + t.d * y + t.f];
}

/** Undefined where the map squashes the plane to a line. */
export function invert(t: Transform): Transform | undefined {
  const determinant = t.a * t.d - t.b * t.c;
  if (Math.abs(determinant) < 1e-9) return undefined;
  const a = t.d / determinant;
  const b = -t.b / determinant;
  const c = -t.c / determinant;
  const d = t.a / determinant;
  return { a, b, c, d, e: -(a * t.e + c * t.f), f: -(b * t.e + d * t.f) };
}
