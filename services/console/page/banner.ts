import { find, setText } from "./dom.ts";
import { durationText } from "./words.ts";

/**
 * The one sentence about what is wrong. It is read out when it changes; how long it has been so is only shown, or a
 * screen reader would say it every second.
 */
export class Banner {
  readonly #root = find("banner", HTMLElement);
  readonly #sentence = find("banner-sentence", HTMLElement);
  readonly #age = find("banner-age", HTMLElement);

  /** An empty sentence hides it. */
  show(sentence: string, forMs?: number): void {
    this.#root.hidden = sentence === "";
    setText(this.#sentence, sentence);
    setText(this.#age, forMs === undefined ? "" : durationText(forMs));
  }
}
