import type { Container } from "./containers.ts";
import { engineArguments, versionsWith } from "./engine-arguments.ts";
import type { Findings } from "./finding.ts";
import type { ReadDocument } from "./yaml-file.ts";

/** An unknown name keeps the model from loading, with a Python traceback. */
export function checkNames(
  json: ReadDocument,
  { file, container, findings }: { file: string; container: Container; findings: Findings },
): void {
  const { vllm, argumentsOf, tag } = container;
  const known = engineArguments(argumentsOf);
  if (typeof json.value !== "object" || json.value === null || Array.isArray(json.value)) return;
  for (const name of Object.keys(json.value)) {
    if (known.has(name)) continue;
    const others = versionsWith(name);
    const hint =
      others.length > 0
        ? `vLLM ${others[0]} to ${others.at(-1)} have it; leave it out, or take another container`
        : nearest(name, known);
    findings.error(
      `${file}:${json.lineOf([name])}`,
      `"${name}" is no engine argument of vLLM ${vllm} (container ${tag}): ${hint}`,
    );
  }
}

function nearest(name: string, known: ReadonlySet<string>): string {
  const letters = (text: string): string => text.replaceAll(/[^a-z]/gi, "").toLowerCase();
  const like = [...known].filter((one) => distance(letters(one), letters(name)) <= 2);
  return like.length > 0 ? `did you mean ${like.join(" or ")}?` : "leave it out";
}

/** Letters to change, add or take away to make one word of another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
