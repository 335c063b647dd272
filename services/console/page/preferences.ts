import { find } from "./dom.ts";

const DIM_LEVELS = ["full", "dim", "dimmest"] as const;

export interface PreferenceHandlers {
  readonly onBoxes: (on: boolean) => void;
}

/** What a person can set on this page, by button or key, kept in the browser: boxes on or off, how bright. */
export class Preferences {
  readonly #boxesButton = find("boxes", HTMLButtonElement);
  readonly #dimButton = find("dim", HTMLButtonElement);
  readonly #handlers: PreferenceHandlers;
  #boxes = localStorage.getItem("followspot-boxes") !== "off";
  #dim = Math.max(
    0,
    DIM_LEVELS.findIndex((level) => level === localStorage.getItem("followspot-dim")),
  );

  constructor(handlers: PreferenceHandlers) {
    this.#handlers = handlers;
    this.#boxesButton.addEventListener("click", () => this.#toggleBoxes());
    this.#dimButton.addEventListener("click", () => this.#nextDim());
    document.addEventListener("keydown", (event) => {
      // Keys with a modifier belong to the browser, keys in a field to the field.
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
      if (event.key.toLowerCase() === "b") this.#toggleBoxes();
      if (event.key.toLowerCase() === "d") this.#nextDim();
    });
    this.#apply();
  }

  #toggleBoxes(): void {
    this.#boxes = !this.#boxes;
    localStorage.setItem("followspot-boxes", this.#boxes ? "on" : "off");
    this.#apply();
  }

  #nextDim(): void {
    this.#dim = (this.#dim + 1) % DIM_LEVELS.length;
    localStorage.setItem("followspot-dim", DIM_LEVELS[this.#dim] ?? "full");
    this.#apply();
  }

  #apply(): void {
    this.#boxesButton.setAttribute("aria-pressed", String(this.#boxes));
    this.#dimButton.setAttribute("aria-label", `Brightness: ${DIM_LEVELS[this.#dim] ?? "full"}`);
    document.documentElement.dataset.dim = String(this.#dim);
    this.#handlers.onBoxes(this.#boxes);
  }
}
