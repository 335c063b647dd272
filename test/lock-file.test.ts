import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

interface LockEntry {
  readonly link?: true;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readLock = async () =>
  JSON.parse(await readFile("package-lock.json", "utf8")) as { packages: Record<string, LockEntry> };

test("the lock file has the binaries of every platform, or npm ci refuses it", async () => {
  const { packages } = await readLock();
  const missing = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  assert.deepEqual(missing, [], "run: node scripts/complete-lock.mjs");
});

test("what every machine installs is pinned by its hash, and comes from the public registry", async () => {
  const { packages } = await readLock();
  const installed = Object.entries(packages).filter(
    ([path, entry]) => path.startsWith("node_modules/") && !entry.link,
  );
  const loose = installed.filter(([, entry]) => !entry.integrity && !entry.optional).map(([path]) => path);
  assert.deepEqual(loose, []);
  const elsewhere = installed.filter(
    ([, { resolved = "" }]) =>
      /^https?:/.test(resolved) && !resolved.startsWith("https://registry.npmjs.org/"),
  );
  assert.deepEqual(elsewhere, []);
});
