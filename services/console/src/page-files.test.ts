import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { PageFiles } from "./page-files.ts";

const files = await PageFiles.open();

async function text(path: string): Promise<string> {
  const file = await files.read(path);
  assert.ok(file, `${path} is not served`);
  return file.body.toString();
}

test("the page carries an import map whose hash the policy knows", async () => {
  const [, map = ""] = /<script type="importmap">(.*?)<\/script>/s.exec(await text("/")) ?? [];
  assert.equal(files.importMapHash, `sha256-${createHash("sha256").update(map).digest("base64")}`);
});

test("every module that the page can reach is served", async () => {
  const [, map = ""] = /<script type="importmap">(.*?)<\/script>/s.exec(await text("/")) ?? [];
  const { imports } = JSON.parse(map) as { imports: Record<string, string> };
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const code = (await text(path)).replace(/\/\*[\s\S]*?\*\//g, "");
    for (const [, specifier = ""] of code.matchAll(/^(?:import|export|\})[^"';]*?from\s*"([^"]+)"/gm)) {
      const next = specifier.startsWith(".")
        ? new URL(specifier, `http://x${path}`).pathname
        : imports[specifier];
      assert.ok(next, `${path} imports ${specifier}, which the import map does not know`);
      await visit(next);
    }
  };
  await visit("/page/main.ts");
  assert.ok(seen.size > 30, `only ${seen.size} modules were found: is the pattern still right?`);
});

test("TypeScript is served as JavaScript, without types", async () => {
  const file = await files.read("/page/words.ts");
  assert.match(file?.type ?? "", /^text\/javascript/);
  assert.ok(!/: string|: number/.test(file?.body.toString().replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "") ?? ""));
});

test("a file is read once until it changes", async () => {
  assert.equal(await files.read("/page/style.css"), await files.read("/page/style.css"));
});

test("nothing else can be reached", async () => {
  const paths = [
    "/page/../src/main.ts",
    "/page/%2e%2e/src/main.ts",
    "/page/..%2fsrc/main.ts",
    "/page/tsconfig.json",
    "/page/",
    "/package.json",
    "/modules/@followspot/client/../package.json",
    "/modules/@followspot/client/followspot-client.test.ts",
    "/modules/@bufbuild/protobuf/index.d.ts",
    "/modules/@followspot/runtime/index.ts",
    "//etc/passwd",
    "/page/main.ts/",
    "/__proto__",
    "/constructor",
  ];
  for (const path of paths) assert.equal(await files.read(path), undefined, path);
});
