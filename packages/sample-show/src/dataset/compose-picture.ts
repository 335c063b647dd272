import type { SeededRandom } from "@followspot/domain";
import type { Figure, View } from "../art/figure.ts";
import type { Layer } from "../layer.ts";
import { type Pose, strikePose } from "../pose.ts";
import { IDENTITY, translation } from "../transform.ts";
import { PLACE_HEIGHT, PLACE_WIDTH, type Place } from "./places.ts";

/** In the data set everybody leans at least this far, in degrees; in the show nobody does. */
export const LEAST_TILT = 10;

const SHADOW =
  '<radialGradient id="contact"><stop offset="0" stop-color="#120c08" stop-opacity=".45"/><stop offset=".6" stop-color="#120c08" stop-opacity=".2"/><stop offset="1" stop-color="#120c08" stop-opacity="0"/></radialGradient><ellipse rx="100" ry="16" fill="url(#contact)"/>';

/** Someone's place in a picture: the middle of the feet and the height, in fractions of the picture. */
export interface Spot {
  readonly x: number;
  readonly height: number;
}

export function backdropLayer(place: Place): Layer {
  return { svg: place.svg, canvas: [0, 0, PLACE_WIDTH, PLACE_HEIGHT], at: IDENTITY, scale: 1 };
}

/** A pose that the show never strikes. */
export function rehearsalPose(random: SeededRandom, views: readonly View[]): Pose {
  const way = random.next() < 0.5 ? -1 : 1;
  return {
    view: views[random.below(views.length)] ?? "front",
    facing: random.next() < 0.5 ? -1 : 1,
    tilt: way * random.between(LEAST_TILT, 19),
    head: random.between(-16, 16),
    nearArm: random.between(-70, 40),
    farArm: random.between(-70, 40),
  };
}

/** The figure as layers, standing on the place's floor, with the shadow of its feet. */
export function stand(
  figure: Figure,
  pose: Pose,
  { spot, place, sink }: { readonly spot: Spot; readonly place: Place; readonly sink: number },
): Layer[] {
  const tall = -figure.canvas[1] - 12;
  const scale = (spot.height * PLACE_HEIGHT) / tall;
  const [x, y] = [spot.x * PLACE_WIDTH, place.floor + sink];
  const width = Math.min(1, figure.canvas[2] / 300);
  const shadow: Layer = {
    svg: SHADOW,
    canvas: [-100, -16, 200, 32],
    at: { ...translation(x, y), a: scale * width, d: scale },
    scale,
  };
  return [shadow, ...strikePose(figure, pose, { x, y, scale })];
}
