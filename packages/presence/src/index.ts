export type { ChangeType, KnownPresence, LabelStanding, PresenceChange } from "./change.ts";
export { PRESENCE_DEFAULTS, type PresenceOptions } from "./options.ts";
export { PresenceFilter } from "./presence-filter.ts";
export type { PresenceState } from "./presence-state.ts";
