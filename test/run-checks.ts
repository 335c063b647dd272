/**
 * What `npm test` runs, after the packages are there: type check, format, lint, then all tests with the runner's
 * closing counts. Brings what the tests need from the system, where it may. In CI everything must be there.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { glob } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { tinyQwenForTests } from "@followspot/testkit";
import { CHROMIUM, ensureTool, FFMPEG, findContainerEngine, REDIS } from "@followspot/setup";
import {
  checkPython,
  ensurePython,
  type PythonEnvironment,
  type PythonKind,
  unavailableReason,
} from "@followspot/triton-server";

const say = (line: string) => void process.stderr.write(`${line}\n`);
const patterns = process.argv.slice(2);

/** The checks that come before the tests, quickest to read first. */
const CHECKS = [
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "types of the console page", command: ["tsc", "--noEmit", "-p", "services/console/page"] },
  { name: "types of the review page", command: ["tsc", "--noEmit", "-p", "packages/review/page"] },
  { name: "types of the captions page", command: ["tsc", "--noEmit", "-p", "packages/captions/page"] },
  { name: "format", command: ["biome", "format", "."] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
] as const;

const ALL_TESTS = ["packages/*/src/**/*.test.ts", "services/*/{src,page}/**/*.test.ts", "test/**/*.test.ts"];
/** For a single test, on a busy machine: the longest take half a minute on an idle one, as they start a model server. */
const TEST_DEADLINE_MS = 300_000;

process.exitCode = await run();

async function run(): Promise<number> {
  for (const tool of [REDIS, FFMPEG, CHROMIUM]) {
    const result = await ensureTool(tool, say);
    if (!result.found)
      say(`${result.advice}; the tests that need it ${process.env.CI ? "will fail" : "are skipped"}`);
  }
  if (!process.env.DOCKER_HOST && !findContainerEngine()) {
    say(`no container engine answers; the container tests ${process.env.CI ? "will fail" : "are skipped"}`);
  }
  const python = await pythonFor("server", "the tests with NVIDIA's Triton server");
  const torchTests = process.env.FOLLOWSPOT_TORCH_TESTS === "1";
  if (process.env.CI || torchTests) {
    const torch = await pythonFor("torch", "the tests with the real model classes");
    // Here and not in the first test that needs it, whose time is limited; that one would say it again.
    if (torch && (torchTests || patterns.length === 0))
      await tinyQwenForTests(torch).catch((error: unknown) => say(String(error)));
  }
  const failed: string[] = [];
  if (patterns.length === 0) {
    for (const { name, command } of CHECKS) {
      say(`checking ${name}`);
      if ((await exitCode(`node_modules/.bin/${command[0]}`, command.slice(1))) !== 0) failed.push(name);
    }
  }
  if (patterns.length === 0 && python) {
    say("checking format and lint of the Python code");
    if (!checkPython(python, await pythonFolders())) failed.push("Python");
  }
  say("running the tests");
  const files = patterns.length > 0 ? patterns : ALL_TESTS;
  // Two files at a time: each may run several processes and a Redis server of its own.
  const options = [
    "--test",
    "--test-concurrency=2",
    `--test-timeout=${TEST_DEADLINE_MS}`,
    "--test-reporter=spec",
  ];
  if ((await exitCode(process.execPath, [...options, ...files])) !== 0) failed.push("tests");
  if (failed.length > 0) say(`failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

/** The environment, or undefined where it cannot be had; in CI the tests that need it then fail. */
async function pythonFor(kind: PythonKind, purpose: string): Promise<PythonEnvironment | undefined> {
  const what = process.env.CI ? "will fail" : "are skipped";
  const reason = unavailableReason();
  if (reason) say(`${reason}; ${purpose} ${what}`);
  if (reason) return undefined;
  try {
    return await ensurePython(kind, say);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`${error.message}; ${purpose} ${what}`);
    return undefined;
  }
}

/** Where our Python is: ruff would otherwise walk through all of node_modules. */
async function pythonFolders(): Promise<readonly string[]> {
  const folders: string[] = [];
  for await (const folder of glob(["deploy", "packages/*/{python,src,testdata}"])) folders.push(folder);
  return folders;
}

async function exitCode(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
