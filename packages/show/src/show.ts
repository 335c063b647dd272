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
  /** What a language model should keep in mind about this stage, a sentence each. */
  readonly rules: readonly string[];
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
  /** Address of a Triton server, grpc://host:port, or of a llama.cpp server, openai:http://host:port; absent: only the understudy is used. */
  readonly triton?: string;
  /** Name of the model on that server. */
  readonly model: string;
  /** How the vision-language model takes pictures and gives boxes. */
  readonly family: ModelFamily;
  /** How it is asked: one list of names, yes or no for each label, or a choice among the understudy's candidates. */
  readonly ask: WayToAsk;
  /** Largest picture that it is shown, in pixels: what a frame costs rises with it. */
  readonly maxPixels: number;
  /** A LoRA adapter of that server, by name. */
  readonly adapter?: string;
  /** An answer that takes longer is not waited for: the next rung is asked. */
  readonly deadlineMs: number;
  /** So long no model answers before a person is told to run the cues, where the ladder names "manual". */
  readonly manualAfterMs: number;
  /** The understudy answers every frame, and the vision-language model only where it is needed; absent: always asked. */
  readonly cascade?: CascadeConfig;
}

export const MODEL_FAMILIES = ["qwen2-vl", "qwen2.5-vl", "qwen3-vl"] as const;
export type ModelFamily = (typeof MODEL_FAMILIES)[number];

export const WAYS_TO_ASK = ["list", "score", "verify"] as const;
export type WayToAsk = (typeof WAYS_TO_ASK)[number];

export interface CascadeConfig {
  /** The vision-language model is asked where one of the understudy's scores is neither this sure nor this unlikely. */
  readonly unsureBelow: number;
  /** And at least so often, whatever the understudy says. */
  readonly floorMs: number;
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
