import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PythonEnvironment } from "@followspot/triton-server";
import { QWEN_MODELS } from "./tiny-qwen-for-tests.ts";

const PACKAGE = join(import.meta.dirname, "../../../deploy/triton/python/followspot_scores");

/** A model repository of our scores server, on weights of one's own; removed with `close`. */
export interface QwenRepository {
  readonly folder: string;
  readonly model: string;
  close(): Promise<void>;
}

/** @param parameters of config.pbtxt: see deploy/triton/README.md; the version is added */
export async function qwenRepository(
  torch: PythonEnvironment,
  parameters: Readonly<Record<string, string>>,
): Promise<QwenRepository> {
  const { repository, model } = QWEN_MODELS.scores;
  const folder = await mkdtemp(join(tmpdir(), "followspot-qwen-"));
  const home = join(folder, model);
  await mkdir(join(home, "1"), { recursive: true });
  await copyFile(join(repository, model, "1/model.py"), join(home, "1/model.py"));
  await symlink(PACKAGE, join(home, "1/followspot_scores"));
  const [tensors = ""] = (await readFile(join(repository, model, "config.pbtxt"), "utf8")).split(
    "parameters:",
  );
  const known = { rung: "qwen2-vl", accuracy: "0.9", ...parameters };
  const config = tensors + Object.entries(known).map(parameterLine).join("");
  await writeFile(join(home, "config.pbtxt"), config);
  const version = versionOf(torch, home);
  await writeFile(join(home, "config.pbtxt"), config + parameterLine(["version", version]));
  return { folder, model, close: () => rm(folder, { recursive: true, force: true }) };
}

function parameterLine([name, value]: readonly [string, string]): string {
  return `parameters: { key: "${name}" value: { string_value: ${JSON.stringify(value)} } }\n`;
}

function versionOf({ python }: PythonEnvironment, home: string): string {
  const { stdout, stderr, status } = spawnSync(python, ["-m", "followspot_scores.identity", home], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(PACKAGE, ".."), PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new Error(`the version could not be computed: ${stderr}`);
  return stdout.trim();
}
