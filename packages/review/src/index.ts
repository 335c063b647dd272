export { KEEP_REASONS, type KeptFrame, type KeepReason } from "./keep/kept-frame.ts";
