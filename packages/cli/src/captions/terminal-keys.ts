import { emitKeypressEvents, type Key } from "node:readline";

/** Keys of the person at the terminal, one at a time, without Enter. */
export class TerminalKeys {
  readonly #waiting: ((key: string | undefined) => void)[] = [];
  #pressed: (string | undefined)[] = [];
  readonly #listen = (text: string | undefined, key: Key): void => {
    // In raw mode Ctrl-C and Ctrl-D are keys like others.
    const ends = key.ctrl === true && (key.name === "c" || key.name === "d");
    this.#give(ends ? undefined : (text ?? key.name ?? ""));
  };
  readonly #end = (): void => this.#give(undefined);

  constructor() {
    emitKeypressEvents(process.stdin);
    this.resume();
  }

  next(): Promise<string | undefined> {
    if (this.#pressed.length > 0) return Promise.resolve(this.#pressed.shift());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The terminal is as it was, for an editor. */
  pause(): void {
    process.stdin.off("keypress", this.#listen).off("end", this.#end);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  /** What was typed meanwhile is forgotten: it was meant for somebody else. */
  resume(): void {
    this.#pressed = [];
    process.stdin.setRawMode(true);
    process.stdin.on("keypress", this.#listen).once("end", this.#end).resume();
  }

  #give(key: string | undefined): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(key);
    else this.#pressed.push(key);
  }
}
