export { applyEvent, stateAfter } from "./apply-event.ts";
export { type Entry, type EventDraft, EventLog, type EventLogOptions } from "./event-log.ts";
export { EventLogError, type EventLogReason } from "./event-log-error.ts";
export { EventReader, type History } from "./event-reader.ts";
export type { Head, LogPosition } from "./head.ts";
export { type EventKeys, eventKeys } from "./keys.ts";
export type { Lease } from "./lease.ts";
