import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "@followspot/domain";
import { cacheDir, type PythonEnvironment } from "./ensure-python.ts";
import { runTool } from "./run-tool.ts";

/** The last release whose wheel carries the program; the package named perf-analyzer is empty. */
const WHEEL = "tritonclient==2.48.0";
const MEMBER = "data/data/bin/perf_analyzer";
/** What it is linked against and the wheel lacks, by the names under which PyTriton's wheel has them. */
const LIBRARIES: Readonly<Record<string, RegExp>> = {
  "libb64.so.0d": /^libb64-.*\.so/,
  "libcudart.so.12": /^libcudart-.*\.so\.12/,
};

const EXTRACT = `
import glob, shutil, sys, zipfile
wheel = zipfile.ZipFile(glob.glob(sys.argv[1] + "/*.whl")[0])
name = next((name for name in wheel.namelist() if name.endswith(sys.argv[2])), None)
if name is None:
    sys.exit("the wheel for this processor has no perf_analyzer")
with wheel.open(name) as source, open(sys.argv[3], "wb") as target:
    shutil.copyfileobj(source, target)`;

export interface PerfAnalyzer {
  readonly path: string;
  /** For its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * NVIDIA's load generator, installed where it is missing, after saying so.
 * @param server the environment "server"
 * @throws UserError with one sentence where it cannot be had
 */
export async function ensurePerfAnalyzer(
  server: PythonEnvironment,
  say: (line: string) => void,
): Promise<PerfAnalyzer> {
  const dir = join(cacheDir(), "perf-analyzer-2.48.0");
  const analyzer = { path: join(dir, "perf_analyzer"), env: { LD_LIBRARY_PATH: dir } };
  if (existsSync(analyzer.path) && isComplete(dir)) return analyzer;
  say(`installing NVIDIA's perf_analyzer (20 MB) into ${dir}`);
  const fresh = await mkdtemp(`${dir}-`);
  try {
    await install(server, fresh);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dirname(dir), { recursive: true });
    await rename(fresh, dir).catch((error: unknown) => {
      // Another process was quicker; both put the same there.
      if (!existsSync(analyzer.path)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return analyzer;
}

async function install(server: PythonEnvironment, dir: string): Promise<void> {
  const wheels = join(dir, "wheels");
  const download = ["-m", "pip", "download", "-q", "--no-deps", "-d", wheels, WHEEL];
  const steps = [download, ["-c", EXTRACT, wheels, MEMBER, join(dir, "perf_analyzer")]];
  for (const args of steps) {
    const { ok, lastLine } = await runTool(server.python, args);
    if (!ok) throw new UserError(`NVIDIA's perf_analyzer cannot be had: ${lastLine}`);
  }
  await rm(wheels, { recursive: true });
  await chmod(join(dir, "perf_analyzer"), 0o755);
  const folder = join(server.sitePackages, "nvidia_pytriton.libs");
  const present = await readdir(folder);
  for (const [name, pattern] of Object.entries(LIBRARIES)) {
    const file = present.find((candidate) => pattern.test(candidate));
    if (!file) throw new Error(`PyTriton's libraries have nothing like ${name}`);
    await symlink(join(folder, file), join(dir, name));
  }
}

/** The libraries are links into the server's environment, which may have been replaced. */
function isComplete(dir: string): boolean {
  return Object.keys(LIBRARIES).every((name) => existsSync(join(dir, name)));
}
