import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { Banner } from "./banner.ts";
import { find, setData, setText } from "./dom.ts";
import type { LinkState } from "./picture-feed.ts";
import { ageText, percentText } from "./words.ts";

export interface LinkInput {
  readonly pictures: LinkState;
  readonly results: LinkState;
  /** Since when results is not connected, on this page's own clock. */
  readonly resultsLostForMs: number | undefined;
  readonly heartbeat: Heartbeat | undefined;
  readonly nowMs: number | undefined;
}

type Lamp = "good" | "bad" | "waiting";

/** A worker that said nothing for so long is gone. */
const WORKER_PATIENCE_MS = 5_000;

/** The strip that is always visible: whether what the page shows can be believed. */
export class LinkView {
  readonly #results = find("link-results", HTMLElement);
  readonly #pictures = find("link-pictures", HTMLElement);
  readonly #recognizer = find("link-recognizer", HTMLElement);
  readonly #banner = new Banner();

  render(input: LinkInput): void {
    show(this.#results, lampOf(input.results), linkWord(input.results));
    show(this.#pictures, lampOf(input.pictures), linkWord(input.pictures));
    const recognizer = describeRecognizer(input);
    show(this.#recognizer, recognizer.lamp, recognizer.text);
    const lost = input.results === "lost" ? input.resultsLostForMs : undefined;
    this.#banner.show(bannerSentence(input), lost);
  }
}

function show(lamp: HTMLElement, state: Lamp, text: string): void {
  setData(lamp, "lamp", state);
  const word = lamp.querySelector(".word");
  if (word) setText(word, text);
}

function lampOf(state: LinkState): Lamp {
  return state === "open" ? "good" : state === "lost" ? "bad" : "waiting";
}

function linkWord(state: LinkState): string {
  return state === "open" ? "connected" : state === "lost" ? "lost" : "connecting";
}

function describeRecognizer({ heartbeat, results, nowMs }: LinkInput): { lamp: Lamp; text: string } {
  if (results !== "open" || !heartbeat) return { lamp: "waiting", text: "not known" };
  const ready = heartbeat.workers.filter(
    ({ state, reportedAtMs }) => state === "ready" && (nowMs ?? 0) - reportedAtMs < WORKER_PATIENCE_MS,
  );
  if (heartbeat.workers.length > 0 && ready.length === 0) {
    return { lamp: "bad", text: "away" };
  }
  const { recognizer } = heartbeat;
  if (!recognizer?.rung) return { lamp: "waiting", text: "not heard yet" };
  const worth = recognizer.accuracy > 0 ? `, ${percentText(recognizer.accuracy)}` : "";
  const lamp = recognizer.rung === "hold" || recognizer.rung === "manual" ? "bad" : "good";
  return { lamp, text: `${recognizer.rung}${worth}` };
}

function bannerSentence({ pictures, results, heartbeat }: LinkInput): string {
  if (results === "lost") {
    const also = pictures === "lost" ? " No pictures either." : "";
    return `No connection to results. Who is on stage may be out of date. Trying again.${also}`;
  }
  if (pictures === "lost") return "No connection to the console. The pictures stand still. Trying again.";
  if (results === "open" && heartbeat && !heartbeat.presenceRunning) {
    return "Nobody decides who is on stage at the moment: results has no leader. Labels are still drawn.";
  }
  return "";
}

/** The lines under "Recognizer": rung, what it is worth, workers. Each is a term and what it is. */
export function recognizerLines(
  heartbeat: Heartbeat | undefined,
  nowMs: number | undefined,
): readonly (readonly [string, string])[] {
  if (!heartbeat) return [["State", "not heard from yet"]];
  const { recognizer, workers, newestObservationAtMs } = heartbeat;
  const lines: [string, string][] = [
    ["Rung in force", recognizer?.rung || "none yet"],
    [
      "Accuracy",
      recognizer && recognizer.accuracy > 0
        ? `${percentText(recognizer.accuracy)} on this show's pictures`
        : "not measured",
    ],
  ];
  if (recognizer?.version) lines.push(["Version", recognizer.version.slice(0, 12)]);
  if (newestObservationAtMs > 0 && nowMs !== undefined) {
    lines.push(["Last labels", `${ageText(nowMs - newestObservationAtMs)} ago`]);
  }
  for (const worker of workers) {
    const silentMs = nowMs === undefined ? 0 : nowMs - worker.reportedAtMs;
    const state =
      silentMs > WORKER_PATIENCE_MS ? `silent for ${ageText(silentMs)}` : worker.state.replaceAll("-", " ");
    const pace = worker.modelMsP50 > 0 ? `, ${Math.round(worker.modelMsP50)} ms a picture` : "";
    lines.push([
      workers.length > 1 ? `Worker ${worker.workerId.slice(0, 8)}` : "Worker",
      `${state}${pace}, ${worker.observed} looked at${worker.detail ? `. ${worker.detail}` : ""}`,
    ]);
  }
  if (workers.length === 0) lines.push(["Workers", "none has reported"]);
  return lines;
}
