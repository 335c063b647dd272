import { readFileSync } from "node:fs";

/**
 * Fields of EngineArgs and AsyncEngineArgs in vllm/engine/arg_utils.py of each version's package on PyPI. No name went
 * away and came back.
 */
interface ArgumentsFile {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** Names that all of these versions have. */
  readonly every: readonly string[];
  /** The first version with a name, and the last. */
  readonly some: Readonly<Record<string, readonly [string, string]>>;
}

const FILE: ArgumentsFile = JSON.parse(
  readFileSync(new URL("../schema/engine-arguments.json", import.meta.url), "utf8"),
);

/** The names that model.json may have with a version of vLLM; another one keeps the model from loading. */
export function engineArguments(vllm: string): ReadonlySet<string> {
  return new Set(
    [...FILE.every, ...Object.keys(FILE.some)].filter((name) => versionsWith(name).includes(vllm)),
  );
}

/** Versions that know a name which another one does not, oldest first. */
export function versionsWith(name: string): readonly string[] {
  if (FILE.every.includes(name)) return FILE.versions;
  const range = Object.hasOwn(FILE.some, name) ? FILE.some[name] : undefined;
  if (!range) return [];
  const [first, last] = range.map((version) => FILE.versions.indexOf(version));
  return FILE.versions.slice(first, (last ?? 0) + 1);
}

/** Whether one of the versions came before another. */
export function isOlder(vllm: string, than: string): boolean {
  return FILE.versions.indexOf(vllm) < FILE.versions.indexOf(than);
}
