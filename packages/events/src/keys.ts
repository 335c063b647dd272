import { showKey } from "@followspot/runtime";

/** The hash tag keeps a show's keys on one node, so that one script may touch them all. */
export interface EventKeys {
  /** Stream of events: entry `<sequence>-0` with the fields `event` (protobuf) and `at` (ms). */
  readonly stream: string;
  /** Hash: epoch, sequence, presence (JSON), cursor (of the observations), snapshot (protobuf). */
  readonly head: string;
  /** The token of the one who may append. */
  readonly lease: string;
}

export function eventKeys(showId: string): EventKeys {
  return {
    stream: showKey(showId, "events"),
    head: showKey(showId, "events:head"),
    lease: showKey(showId, "events:lease"),
  };
}
