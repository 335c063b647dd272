/** What is wrong with a repository, or not as it should be. */
export interface Finding {
  /** With an error the server would not start, or not load the model. */
  readonly severity: "error" | "warning";
  /** File, with a line where there is one. */
  readonly place: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
}

/** Collects what is found. */
export class Findings {
  readonly #found: Finding[] = [];

  get all(): readonly Finding[] {
    return this.#found;
  }

  error(place: string, message: string): void {
    this.#found.push({ severity: "error", place, message });
  }

  warn(place: string, message: string): void {
    this.#found.push({ severity: "warning", place, message });
  }

  /** A mistake that a parser threw, with its place in front of the first colon and blank. */
  thrown(error: Error): void {
    for (const line of error.message.split("\n")) {
      const [, place = "", message = line] = /^(.*?(?::\d+)?): (.*)$/.exec(line) ?? [];
      this.error(place, message);
    }
  }
}
