import type { Event, Snapshot } from "@followspot/schema/followspot/v1/event";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import type { Heartbeat, ServerHello } from "@followspot/schema/followspot/v1/subscribe";

/** What a subscriber learns, in order. */
export type Update =
  /** The server answered. `recovered: false`: events were missed for good, a snapshot follows instead of them. */
  | { readonly kind: "connected"; readonly hello: ServerHello; readonly recovered: boolean }
  /**
   * The whole state, at once; `client.state` is replaced by it. Never an entrance: who is in it may have been on stage
   * for long. `first`: nothing was known before. `missed`: events were missed. `new-epoch`: the event log began anew.
   */
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot; readonly why: SnapshotReason }
  /** Each event exactly once, in the order of its sequence; `client.state` has it already. */
  | { readonly kind: "event"; readonly event: Event }
  | { readonly kind: "heartbeat"; readonly heartbeat: Heartbeat }
  /** Only where asked for; some may be missing. */
  | { readonly kind: "observation"; readonly observation: Observation }
  /** The connection is gone; the client is already on its way back. The state is as old as the last message. */
  | { readonly kind: "disconnected"; readonly reason: string; readonly retryInMs: number };

export type SnapshotReason = "first" | "missed" | "new-epoch";
