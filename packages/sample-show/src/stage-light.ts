import { SeededRandom } from "@followspot/domain";
import type { Colour, Light, Spot } from "./light.ts";
import { STAGE_HEIGHT, STAGE_WIDTH } from "./stage.ts";
import type { Whereabouts } from "./story/motion.ts";
import { sceneAt } from "./story/scenes.ts";
import type { Lamp, LightCue, StageLight } from "./story/story.ts";

/** The light at one instant. */
export interface LightState {
  readonly stage: Light;
  /** Linear gain of the frame round the stage. */
  readonly house: number;
  /** Name of the light that is in force or being faded to. */
  readonly name: string;
  /** Strongest linear gain anywhere on the stage. */
  readonly level: number;
}

/** Below this gain nobody can be recognized: the pixels are at the sensor's noise. */
export const DARK_LEVEL = 0.012;

const LANTERN_GLOW: Colour = [0.62, 0.4, 0.13];
const LANTERN_RADIUS = 210;

/** @param present who is where, for lamps that follow and for the lantern's own glow. */
export function lightAt(timeMs: number, present: readonly Whereabouts[]): LightState {
  const { scene, seconds } = sceneAt(timeMs);
  const { from, to, part } = fade(scene.lights, seconds);
  const mixed = (a: number, b: number): number => a + (b - a) * part;
  const ambient = mix(from.ambient, to.ambient, part);
  const spots = [...spotsOf(from, 1 - part, present), ...spotsOf(to, part, present)];
  const house = mixed(from.house, to.house);
  const brightness = spots.reduce((sum, { colour }) => sum + Math.max(...colour), Math.max(...ambient));
  const lantern = present.find(({ label }) => label === "lantern");
  if (lantern) {
    // Its candle is a dimmer channel like every other lamp: it goes out with the rest.
    const master = Math.min(1, brightness * 6) * flicker(timeMs);
    const colour = LANTERN_GLOW.map((gain) => gain * master) as unknown as Colour;
    spots.push(spot({ x: lantern.x, y: lantern.y - 34, radius: LANTERN_RADIUS, colour }, present));
  }
  return { stage: { ambient, spots, vignette: 0.22 }, house, name: to.name, level: brightness };
}

function fade(
  cues: readonly [LightCue, ...LightCue[]],
  seconds: number,
): { from: StageLight; to: StageLight; part: number } {
  let from: StageLight = cues[0].light;
  let cue = cues[0];
  for (const next of cues) {
    if (next.at > seconds) break;
    from = cue.light;
    cue = next;
  }
  const part = cue.fade === 0 ? 1 : Math.min(1, (seconds - cue.at) / cue.fade);
  return { from, to: cue.light, part };
}

function mix(a: Colour, b: Colour, part: number): Colour {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

function spotsOf(light: StageLight, strength: number, present: readonly Whereabouts[]): Spot[] {
  if (strength <= 0) return [];
  return light.lamps.map((lamp) => spot({ ...lamp, colour: mix([0, 0, 0], lamp.colour, strength) }, present));
}

function spot({ x, y, radius, colour, follow }: Lamp, present: readonly Whereabouts[]): Spot {
  const followed = follow === undefined ? undefined : present.find(({ label }) => label === follow);
  return {
    x: (followed?.x ?? x) / STAGE_WIDTH,
    y: (followed ? followed.y - 180 : y) / STAGE_HEIGHT,
    radiusX: radius / STAGE_WIDTH,
    radiusY: radius / STAGE_HEIGHT,
    colour,
  };
}

/** A candle's restlessness, ten times a second, the same for the same time. */
function flicker(timeMs: number): number {
  return 0.88 + 0.2 * new SeededRandom(Math.floor(timeMs / 100) + 77).next();
}
