import type { Heartbeat } from "@followspot/schema/followspot/v1/subscribe";
import { element, find, setText } from "./dom.ts";
import { recognizerLines } from "./recognizer-words.ts";

/** Which recognizer answers, what it is worth, and how the workers are. */
export class RecognizerView {
  readonly #list = find("recognizer", HTMLDListElement);

  render(heartbeat: Heartbeat | undefined, nowMs: number | undefined): void {
    const lines = recognizerLines(heartbeat, nowMs);
    while (this.#list.children.length > lines.length * 2) this.#list.lastElementChild?.remove();
    while (this.#list.children.length < lines.length * 2) this.#list.append(element("dt"), element("dd"));
    for (const [index, [term, description]] of lines.entries()) {
      const [dt, dd] = [this.#list.children[index * 2], this.#list.children[index * 2 + 1]];
      if (dt) setText(dt, term);
      if (dd) setText(dd, description);
    }
  }
}
