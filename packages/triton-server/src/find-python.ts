import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The versions that all pinned packages exist for, the one we develop with first. */
const VERSIONS = ["3.11", "3.12", "3.10"];
const ANSWER_WITHIN_MS = 10_000;

/** An interpreter that Triton's stub can embed. */
export interface Interpreter {
  readonly path: string;
  /** "3.11", as the stubs are named. */
  readonly version: string;
  /** The shared library of this very interpreter. Another build of the same version lacks symbols that the stub wants. */
  readonly library: string;
}

const PROBE = `
import json, sys, sysconfig
v = sysconfig.get_config_var
print(json.dumps({
  "version": "%d.%d" % sys.version_info[:2],
  "name": v("INSTSONAME") or "",
  "folders": [v("LIBDIR") or "", "/".join([v("LIBDIR") or "", v("MULTIARCH") or ""]), sys.base_prefix + "/lib",
    sys.base_prefix + "/lib/" + (v("MULTIARCH") or ""), "/lib/" + (v("MULTIARCH") or ""), "/usr/lib64"],
}))`;

interface Probed {
  readonly version: string;
  readonly name: string;
  readonly folders: readonly string[];
}

/**
 * A Python that the environments can be built on, or one sentence that says what to install.
 * `FOLLOWSPOT_PYTHON` names another than the one on the search path.
 */
export function findPython(env: NodeJS.ProcessEnv = process.env): Interpreter | { readonly missing: string } {
  let complaint = env.FOLLOWSPOT_PYTHON
    ? `FOLLOWSPOT_PYTHON names ${env.FOLLOWSPOT_PYTHON}, which is no Python that runs: correct or unset it`
    : `Python ${VERSIONS.toSorted().join(", ")} is needed, and there is none: install python3 and its venv module, or name one with FOLLOWSPOT_PYTHON`;
  for (const path of candidates(env)) {
    const found = probe(path, env);
    if (!found) continue;
    if (!VERSIONS.includes(found.version)) {
      complaint = `Python ${VERSIONS.toSorted().join(", ")} is needed, and ${path} is ${found.version}: install one of them beside it, or name one with FOLLOWSPOT_PYTHON`;
      continue;
    }
    const soname = found.name.includes(".so") ? found.name : `libpython${found.version}.so.1.0`;
    const library = found.folders.map((folder) => join(folder, soname)).find((file) => existsSync(file));
    if (library) return { path, version: found.version, library };
    complaint = `${path} has no shared library ${soname}: install libpython${found.version} (Debian, Ubuntu) or python3-libs (Fedora)`;
  }
  return { missing: complaint };
}

function candidates(env: NodeJS.ProcessEnv): readonly string[] {
  if (env.FOLLOWSPOT_PYTHON) return [env.FOLLOWSPOT_PYTHON];
  const folders = [
    ...(env.PATH ?? "").split(delimiter),
    "/usr/bin",
    "/usr/local/bin",
    join(homedir(), ".local/bin"),
  ];
  const names = [...VERSIONS.map((version) => `python${version}`), "python3"];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...new Set(paths)].filter((path) => existsSync(path));
}

function probe(path: string, env: NodeJS.ProcessEnv): Probed | undefined {
  const { status, stdout } = spawnSync(path, ["-I", "-c", PROBE], {
    encoding: "utf8",
    timeout: ANSWER_WITHIN_MS,
    env,
  });
  return status === 0 ? (JSON.parse(stdout) as Probed) : undefined;
}
