import type { CastMember, Rung } from "@followspot/domain";
import type { CameraSource } from "./camera-source.ts";

/** A show folder, read and checked. */
export interface Show {
  /** The folder, absolute. */
  readonly dir: string;
  readonly id: string;
  readonly name: string;
  readonly cast: readonly CastMember[];
  readonly scenes: readonly Scene[];
  readonly cameras: readonly CameraConfig[];
  readonly recognizer: RecognizerConfig;
  readonly presence: PresenceConfig;
}

export interface Scene {
  readonly id: string;
  readonly name: string;
  /** Labels expected on stage in this scene. */
  readonly cast: readonly string[];
}

export interface CameraConfig {
  readonly id: string;
  readonly source: CameraSource;
  /** Most frames a second that are sent on. */
  readonly fps: number;
  /** Frames a second that are sent on even while nothing changes. */
  readonly floorFps: number;
  /** Longest side of the picture that is sent on, in pixels. */
  readonly width: number;
  /** Starts a file, a folder or the sample show again when it ends. */
  readonly loop: boolean;
}

export interface RecognizerConfig {
  /** Rungs to use, best first. */
  readonly ladder: readonly Rung[];
  /** Address of a Triton server, grpc://host:port; absent: only the understudy is used. */
  readonly triton?: string;
  /** Name of the model on that server. */
  readonly model: string;
}

/** When evidence becomes an event. Scores are calibrated probabilities. */
export interface PresenceConfig {
  /** A label enters after its evidence has been at least `enterScore` for `enterMs`. */
  readonly enterScore: number;
  readonly enterMs: number;
  /** It exits after its evidence has been below `exitScore` for `exitMs`. */
  readonly exitScore: number;
  readonly exitMs: number;
  /** Mean luma (0 to 1) below which a picture says nothing about anybody. */
  readonly darkBelow: number;
  /** A camera without an observation for so long says nothing about anybody. */
  readonly blindAfterMs: number;
}
