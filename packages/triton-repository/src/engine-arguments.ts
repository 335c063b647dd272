import { readFileSync } from "node:fs";

interface ArgumentsFile {
  readonly versions: readonly string[];
  /** Names that all of these versions have. */
  readonly every: readonly string[];
  /** Names that some have, and which. */
  readonly some: Readonly<Record<string, readonly string[]>>;
}

const FILE: ArgumentsFile = JSON.parse(
  readFileSync(new URL("../schema/engine-arguments.json", import.meta.url), "utf8"),
);

/** The names that model.json may have with a version of vLLM; another one keeps the model from loading. */
export function engineArguments(vllm: string): ReadonlySet<string> {
  const some = Object.entries(FILE.some).filter(([, versions]) => versions.includes(vllm));
  return new Set([...FILE.every, ...some.map(([name]) => name)]);
}

/** Versions that know a name which another one does not. */
export function versionsWith(name: string): readonly string[] {
  return FILE.every.includes(name) ? FILE.versions : (FILE.some[name] ?? []);
}
