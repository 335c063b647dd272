import type { Acquaintances } from "./model.ts";
import { dot, unit } from "./vectors.ts";

/** A score below any that a look gets: nobody is there. */
export const NOBODY = -1;

/** How like each label a look is, about -0.5 to 1: like its prototype, and unlike everybody else. */
export function scoreLook({ centre, known }: Acquaintances, look: Float32Array): Float32Array {
  const turned = centred(look, centre);
  return Float32Array.from(known, ({ prototype, weights, trust }) =>
    prototype.length > 0 ? (1 - trust) * dot(prototype, look) + trust * dot(weights, turned) : NOBODY,
  );
}

/** A look as the weights see it. */
export function centred(look: Float32Array, centre: Float32Array): Float32Array {
  return unit(look.map((value, at) => value - (centre[at] as number)));
}
