import type { StageEvent } from "./stage-state.ts";

/** One line of the log: an event, or several of the same kind with one cause. */
export interface EventGroup {
  /** The id of its first event: stays as the group grows. */
  readonly id: string;
  readonly type: StageEvent["type"];
  /** In the order in which they happened. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly happenedAtMs: number;
  /** Of its only event; undefined where there are several. */
  readonly confidence: number | undefined;
  readonly reason: string;
}

const TOGETHER_MS = 1_000;

/**
 * A blackout makes the whole cast unknown at once, and its end holds them all: ten lines of it would push the entrance
 * before it off the screen. So these two become one line; entrances and exits always have a line each.
 */
export function groupEvents(newestFirst: readonly StageEvent[]): EventGroup[] {
  const groups: EventGroup[] = [];
  for (const event of newestFirst.toReversed()) {
    const last = groups.at(-1);
    const joins =
      last !== undefined &&
      (event.type === "unknown" || event.type === "hold") &&
      last.type === event.type &&
      last.reason === event.reason &&
      Math.abs(event.happenedAtMs - last.happenedAtMs) <= TOGETHER_MS;
    if (joins) {
      groups[groups.length - 1] = {
        ...last,
        names: [...last.names, event.name],
        labels: [...last.labels, event.label],
        confidence: undefined,
      };
    } else {
      const { id, type, name, label, happenedAtMs, confidence, reason } = event;
      groups.push({ id, type, names: [name], labels: [label], happenedAtMs, confidence, reason });
    }
  }
  return groups.reverse();
}
