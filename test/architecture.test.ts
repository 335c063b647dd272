import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";

/**
 * Who may import whom, from the nouns down to the commands. Data flows down this list; nobody imports a service,
 * and no wire imports another wire. A package that is missing here may not exist.
 */
const ALLOWED: Record<string, readonly string[]> = {
  "packages/domain": [],
  "packages/schema": [],
  "packages/runtime": ["domain"],
  "packages/redis-server": ["domain"],
  "packages/setup": ["domain", "redis-server"],
  "packages/triton-server": ["domain", "redis-server"],
  "packages/show": ["domain"],
  "packages/dataset": ["domain"],
  "packages/backbone": ["domain", "dataset"],
  "packages/recognition": ["domain", "dataset", "backbone"],
  "packages/report": ["domain"],
  "packages/dataset-check": ["domain", "dataset", "recognition", "report", "show"],
  "packages/review": ["domain", "schema", "runtime", "show", "dataset", "recognition"],
  "packages/presence": ["domain", "schema"],
  "packages/sample-show": ["domain"],
  "packages/frames": ["domain", "schema", "runtime"],
  "packages/observations": ["domain", "schema", "runtime"],
  "packages/events": ["domain", "schema", "runtime"],
  "packages/scenes": ["schema", "runtime"],
  "packages/triton": ["domain", "schema", "runtime"],
  "packages/triton-repository": ["domain"],
  "packages/openai-server": ["domain", "runtime", "triton"],
  "packages/vision-language": ["domain", "schema", "runtime", "show", "dataset", "triton", "openai-server"],
  "packages/captions": [
    "domain",
    "schema",
    "runtime",
    "show",
    "dataset",
    "triton",
    "openai-server",
    "vision-language",
    "review",
  ],
  "packages/evaluation": [
    "domain",
    "schema",
    "runtime",
    "show",
    "dataset",
    "recognition",
    "report",
    "triton",
    "openai-server",
    "vision-language",
    "captions",
  ],
  "packages/finetune": [
    "domain",
    "show",
    "dataset",
    "dataset-check",
    "recognition",
    "triton-server",
    "vision-language",
  ],
  "packages/teaching": ["domain", "schema", "runtime", "show", "frames", "triton", "dataset", "recognition"],
  "packages/client": ["domain", "schema"],
  "packages/testkit": ["domain", "schema", "runtime", "redis-server", "triton", "triton-server"],
  "services/ingest": ["domain", "schema", "runtime", "show", "frames", "sample-show"],
  "services/worker": [
    "domain",
    "schema",
    "runtime",
    "show",
    "frames",
    "observations",
    "scenes",
    "triton",
    "openai-server",
    "vision-language",
    "review",
  ],
  "services/understudy": ["domain", "schema", "runtime", "triton", "recognition"],
  "services/results": [
    "domain",
    "schema",
    "runtime",
    "show",
    "frames",
    "observations",
    "scenes",
    "events",
    "presence",
  ],
  "services/console": ["domain", "schema", "runtime", "show", "frames", "client"],
  "packages/bench": [
    "domain",
    "schema",
    "runtime",
    "redis-server",
    "show",
    "frames",
    "observations",
    "events",
    "triton",
    "client",
    "presence",
    "dataset",
    "recognition",
    "sample-show",
    "testkit",
    "triton-server",
  ],
  "packages/cli": [
    "domain",
    "schema",
    "runtime",
    "redis-server",
    "setup",
    "show",
    "dataset",
    "dataset-check",
    "recognition",
    "report",
    "vision-language",
    "evaluation",
    "teaching",
    "review",
    "captions",
    "finetune",
    "triton-server",
    "frames",
    "sample-show",
    "triton",
    "triton-repository",
    "openai-server",
    "client",
    "bench",
  ],
};

/** Tests may stand on the testkit and on whatever they need to be real, but not on a service's inside. */
const TESTS_ALSO = [
  "testkit",
  "redis-server",
  "sample-show",
  "client",
  "triton",
  "triton-server",
  "frames",
  "observations",
  "events",
];

interface Import {
  readonly file: string;
  readonly home: string;
  readonly target: string;
}

test("imports follow the data", async () => {
  const imports = await readImports();
  assert.ok(imports.length > 20, `only ${imports.length} imports were found: is the pattern still right?`);
  const offences = imports
    .filter(({ file, home, target }) => {
      const allowed = [...(ALLOWED[home] ?? []), ...(file.endsWith(".test.ts") ? TESTS_ALSO : [])];
      return target !== home && !allowed.includes(target.replace("packages/", ""));
    })
    .map(({ file, target }) => `${file} imports ${target}`);
  assert.deepEqual(offences, []);
});

test("no two packages import each other, directly or around a corner", async () => {
  const edges = new Map<string, Set<string>>();
  for (const { file, home, target } of await readImports()) {
    if (file.endsWith(".test.ts") || target === home) continue;
    edges.set(home, (edges.get(home) ?? new Set()).add(target));
  }
  const visit = (node: string, path: readonly string[]): void => {
    assert.ok(!path.includes(node), `circle: ${[...path, node].join(" -> ")}`);
    for (const next of edges.get(node) ?? []) visit(next, [...path, node]);
  };
  for (const node of edges.keys()) visit(node, []);
});

test("every package and service has its row in the table and declares what it imports", async () => {
  const offences: string[] = [];
  for await (const manifest of glob("{packages,services}/*/package.json")) {
    const home = dirname(manifest);
    if (!(home in ALLOWED)) offences.push(`${home} has no row`);
    const { name, dependencies = {} } = JSON.parse(await readFile(manifest, "utf8")) as {
      name: string;
      dependencies?: Record<string, string>;
    };
    if (name !== `@followspot/${home.split("/")[1]}`) offences.push(`${home} is named ${name}`);
    for await (const file of glob(`${home}/{src,page}/**/*.ts`)) {
      if (file.endsWith(".test.ts") || file.includes("/testdata/")) continue;
      for (const [, specifier = ""] of (await readFile(file, "utf8")).matchAll(IMPORT)) {
        if (/^[./]|^node:/.test(specifier)) continue;
        const library = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        if (!(library in dependencies))
          offences.push(`${file} imports ${library}, which ${manifest} does not declare`);
      }
    }
  }
  assert.deepEqual([...new Set(offences)], []);
});

// Static, bare, dynamic and re-exporting imports alike.
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"'\s]+)["']/g;

async function readImports(): Promise<Import[]> {
  const imports: Import[] = [];
  for await (const file of glob("{packages,services}/*/{src,page}/**/*.ts")) {
    if (file.includes("/testdata/")) continue;
    const home = file.split("/").slice(0, 2).join("/");
    for (const [, specifier = ""] of (await readFile(file, "utf8")).matchAll(IMPORT)) {
      const own = /^@followspot\/([^/]+)/.exec(specifier);
      if (own) imports.push({ file, home, target: await folderOf(own[1] ?? "") });
      else if (specifier.startsWith(".")) {
        // A relative path that leaves its package is an import of the other one, in disguise.
        const reached = normalize(join(dirname(file), specifier))
          .split("/")
          .slice(0, 2)
          .join("/");
        imports.push({ file, home, target: reached });
      }
    }
  }
  return imports;
}

async function folderOf(name: string): Promise<string> {
  for await (const manifest of glob(`{packages,services}/${name}/package.json`)) return dirname(manifest);
  return `packages/${name}`;
}
