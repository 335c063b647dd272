import { FIGURES } from "./art/wardrobe.ts";
import type { Layer } from "./layer.ts";
import { strikePose } from "./pose.ts";
import { FOOT_SHADOW } from "./scenery/pieces.ts";
import { CURTAIN_HALF, PROSCENIUM } from "./scenery/theatre.ts";
import { type Whereabouts, whereabouts } from "./story/motion.ts";
import { sceneAt } from "./story/scenes.ts";
import type { Piece, Scene } from "./story/story.ts";
import type { Canvas } from "./sprite.ts";
import { IDENTITY, translation } from "./transform.ts";

/** The whole picture in stage units: 16 to 9. */
export const STAGE_WIDTH = 1280;
export const STAGE_HEIGHT = 720;

const WHOLE: Canvas = [0, 0, STAGE_WIDTH, STAGE_HEIGHT];
const PIECE_CANVAS: Canvas = [-260, -720, 520, 760];
const CURTAIN_CANVAS: Canvas = [-610, -20, 620, 700];

/** Everything on the stage at one instant. */
export interface StagePicture {
  /** Backdrop, scenery, puppets, main curtain: from back to front, lit by the stage light. */
  readonly layers: readonly Layer[];
  /** The frame round the stage, which gets only the house light. */
  readonly frame: Layer;
  readonly present: readonly Whereabouts[];
}

export const FRAME_LAYER: Layer = { svg: PROSCENIUM, canvas: WHOLE, at: IDENTITY, scale: 1 };

/** Sets the stage for `timeMs`. Pure: the same time gives the same picture. */
export function setStage(timeMs: number): StagePicture {
  const { scene, seconds } = sceneAt(timeMs);
  const present = cast(scene, seconds);
  const standing = present.flatMap((who) => layersOf(who, scene));
  const pieces = scene.pieces.map((piece) => ({ z: piece.z, layers: [pieceLayer(piece)] }));
  const inDepth = [...standing, ...pieces].sort((a, b) => a.z - b.z).flatMap(({ layers }) => layers);
  const backdrop: Layer = { svg: scene.backdrop, canvas: WHOLE, at: IDENTITY, scale: 1 };
  return {
    layers: [backdrop, ...inDepth, ...curtain(openness(scene, seconds))],
    frame: FRAME_LAYER,
    present,
  };
}

/** Where everybody is; what is carried is where its carrier's hands are. */
function cast(scene: Scene, seconds: number): Whereabouts[] {
  const free = scene.tracks.flatMap((track) => whereabouts(track, seconds) ?? []);
  return free.map((who) => {
    if (who.by === "") return who;
    const carrier = free.find(({ label }) => label === who.by);
    if (!carrier) return who;
    const { facing, tilt } = carrier.pose;
    return {
      ...who,
      x: carrier.x + who.x * facing * carrier.squash - Math.sin((tilt * Math.PI) / 180) * who.y,
      y: carrier.y + who.y,
      pose: { ...who.pose, tilt: who.pose.tilt + tilt * 0.5, facing: (who.pose.facing * facing) as 1 | -1 },
    };
  });
}

function layersOf(who: Whereabouts, scene: Scene): { z: number; layers: Layer[] }[] {
  const figure = FIGURES.get(who.label);
  if (!figure) return [];
  const parts = strikePose(figure, who.pose, who);
  const width = (figure.canvas[2] / 340) * who.scale;
  const shadow: Layer = {
    svg: FOOT_SHADOW,
    canvas: [-100, -16, 200, 32],
    at: { ...translation(who.x, who.y), a: width, d: 1 },
    scale: 1,
  };
  const frontZ = scene.tracks.find(({ label }) => label === who.label)?.frontZ;
  const onFloor = who.by === "" && figure.id !== "bird" && who.y > 560;
  const layers = onFloor ? [shadow, ...parts] : parts;
  if (frontZ === undefined) return [{ z: who.z, layers }];
  return [
    { z: who.z, layers: layers.slice(0, -1) },
    { z: frontZ, layers: layers.slice(-1) },
  ];
}

function pieceLayer({ svg, x, y, mirrored = false, scale = 1 }: Piece): Layer {
  return {
    svg,
    canvas: PIECE_CANVAS,
    at: { ...translation(x, y), a: mirrored ? -scale : scale, d: scale },
    scale,
  };
}

function curtain(open: number): Layer[] {
  if (open >= 1) return [];
  const edge = 645 - open * 560;
  const half = (x: number, way: 1 | -1): Layer => ({
    svg: CURTAIN_HALF,
    canvas: CURTAIN_CANVAS,
    at: { ...translation(x, 0), a: way },
    scale: 1,
  });
  return [half(edge, 1), half(STAGE_WIDTH - edge, -1)];
}

function openness({ curtain: moments }: Scene, seconds: number): number {
  let [before, open] = moments[0] ?? [0, 1];
  for (const [at, next] of moments) {
    if (at > seconds) return open + ((next - open) * (seconds - before)) / (at - before);
    [before, open] = [at, next];
  }
  return open;
}
