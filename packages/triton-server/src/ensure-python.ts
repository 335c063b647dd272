import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { findPython, type Interpreter } from "./find-python.ts";
import { withInstallLock } from "./install-lock.ts";
import { runTool } from "./run-tool.ts";

export type PythonKind = "server" | "torch" | "llama";

/** A Python environment of our own, complete and pinned. */
export interface PythonEnvironment {
  readonly kind: PythonKind;
  readonly dir: string;
  /** The interpreter of the environment. */
  readonly python: string;
  /** The folder of its programs. */
  readonly bin: string;
  /** "3.11" */
  readonly version: string;
  /** The shared library of the interpreter, which Triton's stub must be given. */
  readonly library: string;
  readonly sitePackages: string;
}

interface Recipe {
  readonly what: string;
  /** On disk, and what must be free before it is begun. */
  readonly size: string;
  readonly freeMb: number;
  /** Whether the requirement file is all of it; otherwise what another processor needs comes by dependency. */
  readonly complete: boolean;
}

const RECIPES: Record<PythonKind, Recipe> = {
  server: { what: "NVIDIA's Triton server", size: "310 MB", freeMb: 700, complete: true },
  torch: {
    what: "torch and transformers, to run Qwen2-VL",
    size: "5.4 GB",
    freeMb: 7_000,
    complete: false,
  },
  llama: { what: "llama.cpp with its server", size: "230 MB", freeMb: 500, complete: true },
};

/** Installs in seconds what pip takes minutes for. */
const UV = "uv==0.13.9";
const COMPLETE = "complete";

/**
 * The Python environment of that kind, installed where it is missing, after saying so with its size; nothing is asked.
 * It lies in the user's cache folder and is shared by all checkouts that pin the same versions.
 * @throws UserError with one sentence that says what is missing and what to do
 */
export async function ensurePython(
  kind: PythonKind,
  say: (line: string) => void,
): Promise<PythonEnvironment> {
  const interpreter = findPython();
  if ("missing" in interpreter) throw new UserError(interpreter.missing);
  const environment = await environmentOf(kind, interpreter);
  if (isComplete(environment)) return environment;
  if (process.env.FOLLOWSPOT_NO_INSTALL === "1") {
    throw new UserError(
      `${RECIPES[kind].what} would have to be installed, which FOLLOWSPOT_NO_INSTALL=1 forbids: unset it`,
    );
  }
  await mkdir(cacheDir(), { recursive: true });
  await withInstallLock(
    {
      python: interpreter.path,
      file: `${environment.dir}.lock`,
      onWait: () => say(`waiting for another process that installs ${RECIPES[kind].what}`),
    },
    async () => {
      if (!isComplete(environment)) await install(environment, interpreter, say);
    },
  );
  return environment;
}

/** Whether `ensurePython` would have nothing to install. */
export async function isPythonInstalled(kind: PythonKind): Promise<boolean> {
  const interpreter = findPython();
  return !("missing" in interpreter) && isComplete(await environmentOf(kind, interpreter));
}

async function install(
  { kind, dir, python, sitePackages }: PythonEnvironment,
  interpreter: Interpreter,
  say: (line: string) => void,
): Promise<void> {
  const { what, size, complete } = RECIPES[kind];
  await requireSpace(kind);
  say(`installing ${what} (${size}) into ${dir}`);
  // A virtual environment cannot be moved, so it is made in its place; the mark of completeness comes last.
  await rm(dir, { recursive: true, force: true });
  const venv = await runTool(interpreter.path, ["-m", "venv", dir]);
  if (!venv.ok) {
    throw new UserError(
      `${interpreter.path} cannot make a virtual environment: install the package python3-venv (${venv.lastLine})`,
    );
  }
  const requirements = ["-r", requirementFile(kind), ...(complete ? ["--no-deps"] : [])];
  const uv = await runTool(python, ["-m", "pip", "install", "-q", UV]);
  const quick =
    uv.ok && (await runTool(python, ["-m", "uv", "pip", "install", "-q", "-p", python, ...requirements]));
  if (!quick || !quick.ok) {
    // pip knows settings of the machine that uv does not: mirrors, certificates.
    const slow = await runTool(python, ["-m", "pip", "install", "-q", ...requirements]);
    if (!slow.ok) {
      throw new UserError(
        `${what} could not be installed from the Python package index: check the network, then try again (${slow.lastLine})`,
      );
    }
  }
  if (!existsSync(sitePackages)) throw new Error(`the environment has no folder ${sitePackages}`);
  await writeFile(join(dir, COMPLETE), "");
}

async function requireSpace(kind: PythonKind): Promise<void> {
  const { bavail, bsize } = await statfs(cacheDir());
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  const { what, size, freeMb: needed } = RECIPES[kind];
  if (freeMb >= needed) return;
  throw new UserError(
    `${what} takes ${size}, and only ${freeMb} MB are free for ${cacheDir()}: free ${needed} MB, or set XDG_CACHE_HOME to a folder on another disk`,
  );
}

async function environmentOf(kind: PythonKind, interpreter: Interpreter): Promise<PythonEnvironment> {
  const hash = createHash("sha256")
    .update(await readFile(requirementFile(kind)))
    .update(interpreter.version)
    .update(interpreter.library)
    .digest("hex")
    .slice(0, 12);
  const dir = join(cacheDir(), `python-${kind}-${hash}`);
  return {
    kind,
    dir,
    python: join(dir, "bin/python"),
    bin: join(dir, "bin"),
    version: interpreter.version,
    library: interpreter.library,
    sitePackages: join(dir, `lib/python${interpreter.version}/site-packages`),
  };
}

function isComplete({ dir }: PythonEnvironment): boolean {
  return existsSync(join(dir, COMPLETE));
}

function requirementFile(kind: PythonKind): string {
  return join(import.meta.dirname, `../requirements/${kind}.txt`);
}

export function cacheDir(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "followspot");
}
