import type { Pose } from "../pose.ts";
import type { Moment, Track } from "./story.ts";

/** Where somebody is at one instant, everything filled in. */
export interface Whereabouts {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly scale: number;
  readonly squash: number;
  readonly pose: Pose;
  /** Who carries it; "" nobody. */
  readonly by: string;
}

type Numbers = "x" | "y" | "z" | "scale" | "tilt" | "head" | "nearArm" | "farArm" | "talk";

const DEFAULTS = {
  x: 0,
  y: 0,
  z: 20,
  scale: 1,
  tilt: 0,
  head: 0,
  nearArm: 0,
  farArm: 0,
  talk: 0,
  view: "front",
  facing: 1,
  by: "",
} as const;

/** A turn takes this long before and after the moment, in seconds, and the puppet gets this narrow. */
const TURN_SECONDS = 0.2;
const NARROWEST = 0.3;

/** Undefined before the first and after the last moment: then it is not there at all. */
export function whereabouts(track: Track, seconds: number): Whereabouts | undefined {
  const { moments, label } = track;
  const last = moments.at(-1);
  if (!last || seconds < moments[0].at || seconds > last.at) return undefined;
  const value = (name: Numbers): number => eased(moments, name, seconds);
  const speed = (eased(moments, "x", seconds + 0.1) - eased(moments, "x", seconds - 0.1)) / 0.2;
  const carried = held(moments, "by", seconds);
  // A puppet that walks hops and sways; one that stands breathes; one that talks nods and gestures.
  const stride = carried === "" ? Math.min(1, Math.abs(speed) / 60) : 0;
  const step = seconds * 8.5;
  const talk = value("talk");
  const own = (label.length * 1.7) % 6;
  return {
    label,
    x: value("x"),
    y: value("y") - Math.abs(Math.sin(step)) * 9 * stride - Math.abs(Math.sin(seconds * 6 + own)) * 5 * talk,
    z: held(moments, "z", seconds),
    scale: value("scale"),
    squash: turning(moments, seconds),
    by: carried,
    pose: {
      view: held(moments, "view", seconds),
      facing: held(moments, "facing", seconds),
      tilt: value("tilt") + Math.sin(step) * 2.4 * stride,
      head: value("head") + Math.sin(seconds * 1.3 + own) * 1.6 + Math.sin(seconds * 9 + own) * 4 * talk,
      nearArm:
        value("nearArm") + Math.sin(step) * 14 * stride + (Math.sin(seconds * 5 + own) * 12 - 14) * talk,
      farArm: value("farArm") - Math.sin(step) * 14 * stride + Math.sin(seconds * 4.3 + own) * 8 * talk,
    },
  };
}

function eased(moments: readonly Moment[], name: Numbers, seconds: number): number {
  let before: { at: number; value: number } | undefined;
  for (const moment of moments) {
    const value = moment[name];
    if (value === undefined) continue;
    if (moment.at > seconds) {
      if (!before) return value;
      const travel = Math.min(
        moment.at - before.at,
        travelSeconds(moments, name, { from: before.at, to: moment.at }),
      );
      const part = Math.max(0, 1 - (moment.at - seconds) / travel);
      return before.value + (value - before.value) * part * part * (3 - 2 * part);
    }
    before = { at: moment.at, value };
  }
  return before?.value ?? DEFAULTS[name];
}

/** Who has to be elsewhere leaves as late as a comfortable walk allows, and arrives on time. */
function travelSeconds(
  moments: readonly Moment[],
  name: Numbers,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  if (name !== "x" && name !== "y") return GESTURE_SECONDS;
  // Being picked up or put down is no way to glide along: the hand is simply there.
  if (held(moments, "by", from) !== held(moments, "by", to)) return INSTANT_SECONDS;
  const way = (axis: "x" | "y"): number => given(moments, axis, to) - given(moments, axis, from);
  return Math.max(GESTURE_SECONDS, Math.hypot(way("x"), way("y")) / WALK_UNITS_PER_SECOND);
}

const WALK_UNITS_PER_SECOND = 170;
const GESTURE_SECONDS = 0.5;
const INSTANT_SECONDS = 0.001;

function given(moments: readonly Moment[], axis: "x" | "y", seconds: number): number {
  return (
    moments.findLast((moment) => moment.at <= seconds && moment[axis] !== undefined)?.[axis] ?? DEFAULTS[axis]
  );
}

function held<K extends "view" | "facing" | "by" | "z">(
  moments: readonly Moment[],
  name: K,
  seconds: number,
): NonNullable<Moment[K]> {
  let value = DEFAULTS[name] as NonNullable<Moment[K]>;
  for (const moment of moments) {
    if (moment.at > seconds) break;
    value = moment[name] ?? value;
  }
  return value;
}

/** 1 while nothing turns, NARROWEST in the middle of a turn. */
function turning(moments: readonly Moment[], seconds: number): number {
  let narrow = 1;
  let view: Moment["view"];
  let facing: Moment["facing"];
  for (const moment of moments) {
    const turns =
      (moment.view !== undefined && moment.view !== view) ||
      (moment.facing !== undefined && moment.facing !== facing);
    const first = moment === moments[0];
    view = moment.view ?? view;
    facing = moment.facing ?? facing;
    const distance = Math.abs(seconds - moment.at) / TURN_SECONDS;
    if (turns && !first && distance < 1)
      narrow = Math.min(narrow, NARROWEST + (1 - NARROWEST) * Math.sin((distance * Math.PI) / 2));
  }
  return narrow;
}
