import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import type { PythonForTests } from "./triton-for-tests.ts";

/** For all tests of a suite together, which are one test to the runner: a minute or two on an idle machine. */
const SUITE_DEADLINE_MS = 900_000;

interface PytestCase {
  readonly name: string;
  readonly failure: string | undefined;
  readonly skipped: string | undefined;
}

/**
 * Runs a folder's (or file's) Python tests and registers each as a test of its own, so that they count. The working
 * folder is `cwd`; `args` are further options of pytest.
 */
export function pytestSuite(
  name: string,
  { environment, cwd, args = [] }: { environment: PythonForTests; cwd: string; args?: readonly string[] },
): void {
  test(name, { skip: environment.skip, timeout: SUITE_DEADLINE_MS }, async (context) => {
    if (!environment.python) return;
    const { cases, output } = await runPytest(environment.python.python, cwd, args);
    assert.ok(cases.length > 0, `pytest found no test in ${basename(cwd)}:\n${output}`);
    for (const { name: caseName, failure, skipped } of cases) {
      await context.test(caseName, { skip: skipped ?? false }, () =>
        assert.equal(failure, undefined, failure),
      );
    }
  });
}

async function runPytest(
  python: string,
  cwd: string,
  args: readonly string[],
): Promise<{ cases: readonly PytestCase[]; output: string }> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-pytest-"));
  try {
    const report = join(dir, "report.xml");
    const child = spawn(
      python,
      ["-m", "pytest", "-q", "-p", "no:cacheprovider", `--junitxml=${report}`, ...args],
      { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await once(child, "close");
    const xml = await readFile(report, "utf8").catch(() => assert.fail(`pytest wrote no report:\n${output}`));
    return { cases: casesOf(xml), output };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function casesOf(xml: string): readonly PytestCase[] {
  return [...xml.matchAll(/<testcase ([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(
    ([, attributes = "", body = ""]) => ({
      name: unescape(`${attribute(attributes, "classname")}.${attribute(attributes, "name")}`),
      failure: elementText(body, "failure") ?? elementText(body, "error"),
      skipped: elementText(body, "skipped"),
    }),
  );
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
}

function elementText(body: string, element: string): string | undefined {
  const match = new RegExp(`<${element}\\b[^>]*?(?:/>|>(.*?)</${element}>)`, "s").exec(body);
  return match ? unescape(match[1] || match[0]) : undefined;
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", "#10": "\n" };

function unescape(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole);
}
