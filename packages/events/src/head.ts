import { fromBinary } from "@bufbuild/protobuf";
import { type Snapshot, SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import type { Redis } from "ioredis";

/** A place in the log: `sequence` events of `epoch` came before it. */
export interface LogPosition {
  readonly epoch: string;
  readonly sequence: number;
}

/** What is stored with the newest event. */
export interface Head {
  readonly position: LogPosition;
  /** The state after that event. */
  readonly snapshot: Snapshot;
  /** What the presence filter remembered then (JSON). */
  readonly presence: string;
  /** Id of the last observation that is part of it. */
  readonly cursor: string;
}

export const HEAD_FIELDS = ["epoch", "sequence", "presence", "cursor", "snapshot"] as const;

/** Undefined where no log was ever begun, or Redis was wiped. */
export function parseHead(fields: readonly (Buffer | null)[]): Head | undefined {
  const [epoch, sequence, presence, cursor, snapshot] = fields;
  if (!epoch || !sequence || !snapshot) return undefined;
  return {
    position: { epoch: epoch.toString(), sequence: Number(sequence.toString()) },
    snapshot: fromBinary(SnapshotSchema, snapshot),
    presence: presence?.toString() ?? "",
    cursor: cursor?.toString() ?? "",
  };
}

export async function readHead(client: Redis, key: string): Promise<Head | undefined> {
  return parseHead(await client.hmgetBuffer(key, ...HEAD_FIELDS));
}
