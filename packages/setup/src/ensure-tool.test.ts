import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { adviceFor, ensureTool } from "./ensure-tool.ts";
import { findOnPath } from "./find-on-path.ts";
import type { SystemTool } from "./system-tool.ts";

/** A folder that is the whole search path during one test. */
async function onlyPath(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "followspot-test-"));
  const before = { ...process.env };
  process.env.PATH = folder;
  t.after(async () => {
    process.env = before;
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

async function program(folder: string, name: string, script: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

const puppet: SystemTool = {
  name: "a puppet",
  purpose: "to test",
  find: () => findOnPath(["puppet"]),
  packages: { brew: "puppet-pkg" },
};

test("what is there is taken as it is", async (t) => {
  const folder = await onlyPath(t);
  await program(folder, "puppet", "exit 0");
  assert.deepEqual(await ensureTool(puppet, assert.fail), {
    found: true,
    path: join(folder, "puppet"),
    installed: false,
  });
});

test("what is missing is installed by the package manager, after saying so", async (t) => {
  const folder = await onlyPath(t);
  await program(folder, "brew", `printf '#!/bin/sh\\n' > ${folder}/puppet; /bin/chmod 755 ${folder}/puppet`);
  const said: string[] = [];
  assert.deepEqual(await ensureTool(puppet, (line) => void said.push(line)), {
    found: true,
    path: join(folder, "puppet"),
    installed: true,
  });
  assert.deepEqual(said, ["installing puppet-pkg with brew (a puppet, to test)"]);
});

test("an installer that fails leaves one sentence with its last word", async (t) => {
  const folder = await onlyPath(t);
  await program(folder, "brew", "echo 'no such formula' >&2; exit 1");
  assert.deepEqual(await ensureTool(puppet, () => {}), {
    found: false,
    advice: "a puppet is needed to test: install it with: brew install puppet-pkg (no such formula)",
  });
});

test("nothing is installed where that is forbidden", async (t) => {
  const folder = await onlyPath(t);
  await program(folder, "brew", `touch ${folder}/was-run`);
  process.env.FOLLOWSPOT_NO_INSTALL = "1";
  const result = await ensureTool(puppet, assert.fail);
  assert.equal(result.found, false);
  assert.equal(findOnPath(["was-run"]), undefined);
});

test("without a package manager the advice is general", async (t) => {
  await onlyPath(t);
  assert.equal(
    adviceFor(puppet),
    "a puppet is needed to test: install it with your system's package manager",
  );
});
