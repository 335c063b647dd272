export { type CastMember, UNKNOWN_LABEL } from "./cast.ts";
export { compareFrames, type FramePosition } from "./frame-order.ts";
export { ID_PATTERN, ID_RULE, isId } from "./identifiers.ts";
export { oneLine } from "./one-line.ts";
export { RUNGS, type Rung } from "./rungs.ts";
export { SeededRandom } from "./seeded-random.ts";
export { UserError } from "./user-error.ts";
