export { FrameKeeper, type FrameKeeperOptions } from "./frame-keeper.ts";
export { NOT_KEPT_REASONS, type NotKeptReason } from "./keep-messages.ts";
export { KEEP_REASONS, type KeepReason } from "./kept-frame.ts";
export { KEEP_LIMITS, type KeepLimits } from "./quotas.ts";
