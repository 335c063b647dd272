export { FollowspotClient, type FollowspotClientOptions } from "./followspot-client.ts";
export type { StagePosition } from "./stage.ts";
export type { SnapshotReason, Update } from "./update.ts";
