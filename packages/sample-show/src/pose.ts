import type { Figure, Joint, View } from "./art/figure.ts";
import type { Layer } from "./layer.ts";
import { compose, IDENTITY, rotation, scaling, type Transform, translation } from "./transform.ts";

/** How a figure is held. Angles are degrees, clockwise for a figure that looks to the right. */
export interface Pose {
  readonly view: View;
  /** 1 as drawn, -1 mirrored. */
  readonly facing: 1 | -1;
  /** The whole figure about its feet. */
  readonly tilt: number;
  readonly head: number;
  readonly nearArm: number;
  readonly farArm: number;
}

export const AT_REST: Pose = { view: "front", facing: 1, tilt: 0, head: 0, nearArm: 0, farArm: 0 };

export interface Standing {
  /** Where the figure's origin (its feet) is, in stage units. */
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** 1 turned fully to us; less while it turns round. */
  readonly squash?: number;
}

/** The figure's parts, from back to front, as layers that carry its label. */
export function strikePose(figure: Figure, pose: Pose, { x, y, scale, squash = 1 }: Standing): Layer[] {
  const parts = figure.views[pose.view] ?? figure.views.front;
  const stand = compose(
    compose(rotation(pose.tilt), scaling(scale * pose.facing * squash, scale)),
    translation(x, y),
  );
  const angles: Record<Joint, number> = { body: 0, ...pose };
  const rod: Layer[] = figure.rod ? [{ svg: figure.rod, canvas: figure.canvas, at: stand, scale }] : [];
  return rod.concat(
    parts.map((part) => {
      const angle = angles[part.joint];
      const turn: Transform = angle === 0 ? IDENTITY : rotation(angle, part.pivot);
      return {
        svg: part.svg,
        canvas: figure.canvas,
        at: compose(turn, stand),
        scale,
        label: figure.id,
      };
    }),
  );
}
