import { element, find, setText } from "./dom.ts";
import type { EventGroup } from "./event-groups.ts";
import { clockText, percentText } from "./words.ts";

const SIGNS: Readonly<
  Record<EventGroup["type"], { readonly sign: string; readonly one: string; readonly many: string }>
> = {
  enter: { sign: "→", one: "enters", many: "enter" },
  exit: { sign: "←", one: "exits", many: "exit" },
  unknown: { sign: "?", one: "is unknown", many: "are unknown" },
  hold: { sign: "=", one: "is as before", many: "are as before" },
};
const MOST_NAMES = 4;

interface Line {
  readonly item: HTMLLIElement;
  readonly names: HTMLElement;
  readonly verb: Text;
  readonly confidence: HTMLElement;
}

/** What happened, newest first. A live region: only new lines are put in, so only they are read out. */
export class EventView {
  readonly #list = find("events", HTMLOListElement);
  readonly #empty = find("events-empty", HTMLElement);
  readonly #lines = new Map<string, Line>();

  /** Newest first. */
  render(groups: readonly EventGroup[]): void {
    this.#empty.hidden = groups.length > 0;
    for (const group of groups.toReversed()) {
      const line = this.#lines.get(group.id) ?? this.#addLine(group);
      setText(line.names, namesText(group.names));
      setText(line.verb, ` ${SIGNS[group.type][group.names.length === 1 ? "one" : "many"]}`);
      const known = group.confidence !== undefined && group.confidence > 0 && group.type !== "unknown";
      setText(line.confidence, known ? percentText(group.confidence ?? 0) : "");
    }
    const kept = new Set(groups.map(({ id }) => id));
    for (const [id, { item }] of this.#lines) {
      if (kept.has(id)) continue;
      item.remove();
      this.#lines.delete(id);
    }
  }

  #addLine({ id, type, labels, happenedAtMs, reason }: EventGroup): Line {
    const names = element("strong");
    const verb = document.createTextNode("");
    const confidence = element("span", { class: "confidence" });
    const attributes = { "data-type": type, "data-label": labels[0] ?? "" };
    const item = element("li", { class: "event", attributes }, [
      element("time", {
        text: clockText(happenedAtMs),
        attributes: { datetime: new Date(happenedAtMs).toISOString() },
      }),
      element("span", { class: "sign", text: SIGNS[type].sign, attributes: { "aria-hidden": "true" } }),
      element("span", { class: "what" }, [names, verb]),
      element("span", { class: "reason", text: reason, attributes: { title: reason } }),
      confidence,
    ]);
    const line = { item, names, verb, confidence };
    this.#lines.set(id, line);
    this.#list.prepend(item);
    return line;
  }
}

function namesText(names: readonly string[]): string {
  if (names.length <= MOST_NAMES) return names.join(", ");
  return `${names.slice(0, MOST_NAMES - 1).join(", ")} and ${names.length - MOST_NAMES + 1} more`;
}
