import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "@followspot/domain";
import { ensurePython } from "./ensure-python.ts";
import { findPython } from "./find-python.ts";
import { withInstallLock } from "./install-lock.ts";

const real = findPython();
const skip = "missing" in real ? real.missing : false;

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-test-"));
  const before = { ...process.env };
  t.after(async () => {
    process.env = before;
    await rm(dir, { recursive: true, force: true });
  });
  return dir;
}

/** A Python that tells of itself what `probed` says, and fails at everything but making an empty environment. */
async function fakePython(dir: string, probed: Record<string, unknown>, venv = "exit 1"): Promise<string> {
  const path = join(dir, "python");
  const script = `#!/bin/sh\ncase "$*" in\n*sysconfig*) echo '${JSON.stringify(probed)}';;\n*flock*) echo held; cat >/dev/null;;\n*venv*) ${venv};;\n*) echo "no network" >&2; exit 1;;\nesac\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

async function refused(work: Promise<unknown>, words: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, words);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

test("no Python, one of another version, and one without its library are told apart", async (t) => {
  const dir = await folder(t);
  const missing = findPython({ FOLLOWSPOT_PYTHON: join(dir, "nothing") });
  assert.match("missing" in missing ? missing.missing : "", /FOLLOWSPOT_PYTHON names .*nothing/);
  const old = await fakePython(dir, { version: "3.6", name: "libpython3.6.so", folders: [dir] });
  const tooOld = findPython({ FOLLOWSPOT_PYTHON: old, PATH: process.env.PATH });
  assert.match("missing" in tooOld ? tooOld.missing : "", /is 3\.6: install one of them/);
  const bare = await fakePython(dir, { version: "3.11", name: "", folders: [dir] });
  const noLibrary = findPython({ FOLLOWSPOT_PYTHON: bare, PATH: process.env.PATH });
  assert.match("missing" in noLibrary ? noLibrary.missing : "", /no shared library libpython3\.11\.so\.1\.0/);
  await writeFile(join(dir, "libpython3.11.so.1.0"), "");
  const found = findPython({ FOLLOWSPOT_PYTHON: bare, PATH: process.env.PATH });
  assert.deepEqual(found, { path: bare, version: "3.11", library: join(dir, "libpython3.11.so.1.0") });
});

test("what stands in the way of an installation is one sentence, and leaves nothing that looks complete", async (t) => {
  const dir = await folder(t);
  await writeFile(join(dir, "libpython3.11.so.1.0"), "");
  const probed = { version: "3.11", name: "libpython3.11.so.1.0", folders: [dir] };
  process.env.XDG_CACHE_HOME = join(dir, "cache");
  process.env.FOLLOWSPOT_PYTHON = await fakePython(dir, probed);
  process.env.FOLLOWSPOT_NO_INSTALL = "1";
  await refused(ensurePython("server", assert.fail), /FOLLOWSPOT_NO_INSTALL=1 forbids/);
  delete process.env.FOLLOWSPOT_NO_INSTALL;
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await refused(ensurePython("server", say), /install the package python3-venv/);
  assert.match(said.join(), /installing NVIDIA's Triton server \(310 MB\) into .*python-server-/);
  // An environment whose pip reaches nobody.
  const venv = `for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python"`;
  process.env.FOLLOWSPOT_PYTHON = await fakePython(dir, probed, venv);
  await refused(ensurePython("server", say), /could not be installed .* check the network.*\(no network\)/);
  const [environment = ""] = (await readdir(join(dir, "cache/followspot"))).filter(
    (name) => !name.endsWith(".lock"),
  );
  assert.deepEqual(await readdir(join(dir, "cache/followspot", environment)), ["bin"]);
});

test("two processes that install the same do it one after the other", { skip }, async (t) => {
  assert.ok("path" in real);
  const dir = await folder(t);
  const lock = { python: real.path, file: join(dir, "lock") };
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const waiting = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const one = withInstallLock({ ...lock, onWait: assert.fail }, async () => {
    begun.resolve();
    await first.promise;
    order.push("first");
  });
  await begun.promise;
  const two = withInstallLock({ ...lock, onWait: waiting.resolve }, async () => void order.push("second"));
  await waiting.promise;
  first.resolve();
  await Promise.all([one, two]);
  assert.deepEqual(order, ["first", "second"]);
});

test("every requirement is pinned, and the environment for the server is complete by itself", async () => {
  for (const kind of ["server", "torch"]) {
    const text = await readFile(join(import.meta.dirname, `../requirements/${kind}.txt`), "utf8");
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.ok(lines.length > 10);
    for (const line of lines)
      assert.match(line, /^[A-Za-z0-9_.-]+==[^ ]+( ; platform_machine == "x86_64")?$/);
    assert.ok(lines.includes("numpy==1.26.4"), "numpy 2 kills the stub");
  }
});
