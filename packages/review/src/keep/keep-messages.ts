import type { KeptFrame } from "./kept-frame.ts";
import type { KeepLimits } from "./quotas.ts";

/** What a frame is called before its picture was looked at. */
export type FrameToKeep = Omit<KeptFrame, "hash">;

/**
 * Why a frame that was worth keeping is not kept.
 * - `busy`: as many frames as may wait are on their way to the disk.
 * - `quota-minute`, `quota-label`, `quota-show`, `quota-bytes`: enough was kept of it.
 * - `duplicate`: something that looks much the same was kept.
 * - `undecodable`: the picture cannot be read.
 * - `disk`: the disk is full or gone.
 * - `failed`: the thread that keeps frames died.
 */
export const NOT_KEPT_REASONS = [
  "busy",
  "quota-minute",
  "quota-label",
  "quota-show",
  "quota-bytes",
  "duplicate",
  "undecodable",
  "disk",
  "failed",
] as const;
export type NotKeptReason = (typeof NOT_KEPT_REASONS)[number];

export interface ToKeeper {
  readonly frame: FrameToKeep;
  readonly jpeg: Uint8Array;
}

export type FromKeeper =
  | { readonly kept: true }
  | { readonly kept: false; readonly reason: NotKeptReason; readonly problem?: string };

/** What the thread is told at its start. */
export interface KeeperData {
  readonly dir: string;
  readonly limits: KeepLimits;
}
