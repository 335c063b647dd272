import { element, find, setData, setText } from "./dom.ts";
import type { CastEntry } from "./show-document.ts";
import type { CastState, PresenceWord, StageState } from "./stage-state.ts";
import { durationText, percentText } from "./words.ts";

const STATE_WORDS: Readonly<Record<PresenceWord, string>> = {
  present: "On stage",
  absent: "Off",
  unknown: "Unknown",
  waiting: "Waiting",
};

interface Row {
  readonly item: HTMLLIElement;
  readonly state: HTMLElement;
  readonly since: HTMLElement;
  readonly confidence: HTMLElement;
  readonly meter: HTMLElement;
}

export interface CastViewInput {
  readonly stage: StageState;
  readonly nowMs: number | undefined;
  /** The newest score of a label, 0 to 1; undefined where no recent frame says anything. */
  readonly scoreOf: (label: string) => number | undefined;
}

/** Who is on stage. Rows keep their place, so that a person finds them without reading. */
export class CastView {
  readonly #rows = new Map<string, Row>();
  readonly #count = find("stage-count", HTMLElement);
  readonly #unknown = find("stage-unknown", HTMLElement);

  constructor(cast: readonly CastEntry[], enterScore: number) {
    for (const kind of ["character", "prop"] as const) {
      const members = cast.filter((entry) => entry.kind === kind);
      const list = find(`${kind}s`, HTMLUListElement);
      list.replaceChildren(...members.map((entry) => this.#addRow(entry).item));
      list.style.setProperty("--enter", String(enterScore));
      find(`${kind}s-heading`, HTMLElement).hidden = members.length === 0;
    }
  }

  #addRow(entry: CastEntry): Row {
    const mark = element("span", { class: "mark", attributes: { "aria-hidden": "true" } });
    const name = element("span", { class: "name", text: entry.name });
    const state = element("span", { class: "state" });
    const since = element("span", { class: "since", attributes: { title: "For so long" } });
    const confidence = element("span", {
      class: "confidence",
      attributes: { title: "How sure the decision was" },
    });
    const meter = element("span", { class: "meter", attributes: { "aria-hidden": "true" } });
    const item = element("li", { class: "member", attributes: { "data-label": entry.id } }, [
      mark,
      name,
      state,
      since,
      meter,
      confidence,
    ]);
    const row = { item, state, since, confidence, meter };
    this.#rows.set(entry.id, row);
    return row;
  }

  render({ stage, nowMs, scoreOf }: CastViewInput): void {
    const present = stage.cast.filter(({ presence }) => presence === "present").length;
    const unknown = stage.cast.filter(({ presence }) => presence === "unknown").length;
    const waiting = stage.cast.every(({ presence }) => presence === "waiting");
    setText(this.#count, waiting ? "" : String(present));
    setText(this.#unknown, unknown > 0 ? `${unknown} unknown` : "");
    for (const state of stage.cast) {
      const row = this.#rows.get(state.entry.id);
      if (row) renderRow(row, state, nowMs, scoreOf(state.entry.id));
    }
  }
}

function renderRow(row: Row, state: CastState, nowMs: number | undefined, score: number | undefined): void {
  const decided = state.presence !== "waiting" && state.sinceMs > 0;
  setData(row.item, "presence", state.presence);
  setText(row.state, STATE_WORDS[state.presence]);
  setText(row.since, decided && nowMs !== undefined ? durationText(nowMs - state.sinceMs) : "");
  const sure = decided && state.presence !== "unknown" && state.confidence > 0;
  setText(row.confidence, sure ? percentText(state.confidence) : "");
  setData(row.meter, "known", String(score !== undefined));
  row.meter.style.setProperty("--score", (score ?? 0).toFixed(3));
}
