// Puts what is missing into package-lock.json: the binaries of other platforms. npm drops an optional package from the
// lock when the registry that it asked does not have it, or when it was not installed here; `npm ci` then refuses the
// lock everywhere. Run after a change of dependencies; a test says when it is needed.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "riscv64", "ppc64", "s390x", "loong64"];
/** Other words that stand for 32-bit Arm. */
const ARM_WORDS = ["armv7", "eabi", "gnueabihf", "musleabihf"];

const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
const lock = JSON.parse(readFileSync(file, "utf8"));

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (place in lock.packages || `${path}/${place}` in lock.packages) continue;
    const platform = platformOf(name);
    if (!platform || !/^\d/.test(version))
      throw new Error(`cannot tell which platform ${name}@${version} is for`);
    lock.packages[place] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platform };
    process.stdout.write(`${name}@${version}\n`);
  }
}
const { "": project, ...packages } = lock.packages;
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
lock.packages = { "": project, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`);

/** What npm compares with the machine, so that it fetches the one binary that runs there. */
function platformOf(name) {
  const words = name.split("/").at(-1).split("-");
  const system = SYSTEMS.find((word) => words.includes(word));
  const processor = words.some((word) => ARM_WORDS.includes(word))
    ? "arm"
    : PROCESSORS.find((word) => words.includes(word));
  if (!system || !processor) return undefined;
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : undefined;
  return { cpu: [processor], os: [system], ...(libc ? { libc } : {}) };
}
