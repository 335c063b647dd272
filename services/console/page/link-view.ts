import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { Banner } from "./banner.ts";
import { find, setData, setText } from "./dom.ts";
import type { LinkState } from "./picture-feed.ts";
import { describeRecognizer, type Lamp, recognizerSentence } from "./recognizer-words.ts";

export interface LinkInput {
  readonly pictures: LinkState;
  readonly results: LinkState;
  /** Since when results is not connected, on this page's own clock. */
  readonly resultsLostForMs: number | undefined;
  readonly heartbeat: Heartbeat | undefined;
  readonly nowMs: number | undefined;
}

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

function bannerSentence(input: LinkInput): string {
  const { pictures, results, heartbeat } = input;
  if (results === "lost") {
    const also = pictures === "lost" ? " No pictures either." : "";
    return `No connection to results. Who is on stage may be out of date. Trying again.${also}`;
  }
  if (pictures === "lost") return "No connection to the console. The pictures stand still. Trying again.";
  if (results === "open" && heartbeat && !heartbeat.presenceRunning) {
    return "Nobody decides who is on stage at the moment: results has no leader. Labels are still drawn.";
  }
  return recognizerSentence(input);
}
