export type { Answer } from "./answer.ts";
export { KEEP_REASONS, type KeptFrame, type KeepReason } from "./keep/kept-frame.ts";
export { readKept, type ReviewFrame } from "./read-kept.ts";
export { ReviewServer } from "./review-server.ts";
export { type Accepted, type ReviewCounts, ReviewSession } from "./review-session.ts";
