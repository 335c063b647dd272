import { say } from "./say.ts";
import { tenSteps } from "./ten-steps.ts";

const REDRAW_MS = 200;

/** How far a long piece of work is: one line that is drawn over on a terminal, ten lines in a log. */
export class ProgressLine {
  readonly #steps: (share: number) => void;
  #drawnMs = 0;
  #drawn = false;

  constructor(what: string) {
    this.#steps = tenSteps(what);
  }

  show(done: number, total: number, remark: string): void {
    if (!process.stderr.isTTY) {
      this.#steps(total === 0 ? 1 : done / total);
      return;
    }
    const nowMs = performance.now();
    if (done < total && nowMs - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = nowMs;
    this.#drawn = true;
    process.stderr.write(`\r\u001b[K${done} of ${total}: ${remark}`);
  }

  /** What follows begins on a line of its own. */
  end(): void {
    if (this.#drawn) say("");
    this.#drawn = false;
  }
}
