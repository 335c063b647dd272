import { element } from "./dom.ts";

/** One thing that can be answered or done, with the key for it. */
export interface Choice {
  readonly key: string;
  /** As it stands on the key. */
  readonly cap: string;
  readonly text: string;
  readonly hint?: string;
  readonly main?: boolean;
  readonly act: () => void;
}

/** What the choice is made with by hand. */
export function button({ cap, text, hint, main, act, key }: Choice): HTMLElement {
  const made = element(
    "button",
    { type: "button", class: main ? "main" : undefined, "aria-keyshortcuts": key },
    element("kbd", { "aria-hidden": true }, cap),
    element("span", {}, text),
    hint !== undefined && element("small", {}, hint),
  );
  made.addEventListener("click", act);
  return made;
}
