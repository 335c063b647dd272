import { say } from "./say.ts";

/** Tells how far a long piece of work is: ten steps on a terminal or in a log, never a flood. */
export function tenSteps(doing: string): (share: number) => void {
  let shown = 0;
  return (share) => {
    const step = Math.min(10, Math.floor(share * 10));
    if (step <= shown) return;
    shown = step;
    say(`${String(step * 10).padStart(3)} %  ${doing}`);
  };
}
