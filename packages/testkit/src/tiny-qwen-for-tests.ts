import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, readFile, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheDir, type PythonEnvironment, runTool, withInstallLock } from "@followspot/triton-server";

const ROOT = join(import.meta.dirname, "../../..");
const SHOW = join(ROOT, "shows/little-red-riding-hood");
/** What the weights depend on. */
const SOURCES = [
  "deploy/triton/tiny/followspot_tiny/{album,constraint,descent,exam,lesson,looking,make,network,talking,teaching,tokenizer}.py",
  "deploy/triton/tiny/system-texts.json",
  "deploy/triton/python/followspot_scores/{forest,tree_pass,pictures,resize,questions}.{py,json}",
  "shows/little-red-riding-hood/dataset/metadata.jsonl",
  "packages/triton-server/requirements/torch.txt",
];

/** What Python needs to find the small network's code, and the server's that it is built on. */
export const TINY_PYTHON = {
  PYTHONPATH: [join(ROOT, "deploy/triton/tiny"), join(ROOT, "deploy/triton/python")].join(delimiter),
  PYTHONDONTWRITEBYTECODE: "1",
} as const;

/** Both server models of ours that host the small network. */
export const QWEN_MODELS = {
  scores: { repository: join(ROOT, "deploy/triton/models"), model: "qwen2_vl_scores" },
  words: { repository: join(ROOT, "deploy/triton/tiny/models"), model: "qwen2_vl_words" },
} as const;

/**
 * The folder of a small Qwen2-VL that knows the sample show's puppets: made and taught once on each machine, in a
 * minute or two, and kept in the user's cache folder. Another source makes another one.
 */
export async function tinyQwenForTests(torch: PythonEnvironment): Promise<string> {
  const folder = join(cacheDir(), `tiny-qwen-${await sourceHash()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheDir(), { recursive: true });
  const onWait = () =>
    void process.stderr.write("waiting for another process that teaches the small Qwen2-VL\n");
  await withInstallLock({ python: torch.python, file: `${folder}.lock`, onWait }, async () => {
    if (!existsSync(folder)) await make(torch, folder);
  });
  return folder;
}

async function make(torch: PythonEnvironment, folder: string): Promise<void> {
  process.stderr.write(`teaching the small Qwen2-VL into ${folder}\n`);
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  const { ok, lastLine } = await runTool(
    torch.python,
    ["-m", "followspot_tiny.make", unfinished, "--show", SHOW],
    TINY_PYTHON,
  );
  if (!ok) throw new Error(`the small Qwen2-VL could not be made: ${lastLine}`);
  await rename(unfinished, folder);
}

async function sourceHash(): Promise<string> {
  const hash = createHash("sha256");
  const files: string[] = [];
  for (const pattern of SOURCES) for await (const file of glob(pattern, { cwd: ROOT })) files.push(file);
  for (const file of files.sort()) hash.update(file).update(await readFile(join(ROOT, file)));
  return hash.digest("hex").slice(0, 12);
}
