#!/usr/bin/env node
// The `followspot` command. Our sources are TypeScript that Node 24 runs as they are; where the system's Node is older,
// the pinned one from the packages takes over.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const main = new URL("../src/main.ts", import.meta.url);

if (Number(process.versions.node.split(".")[0]) === NEEDED_MAJOR) {
  await import(main.href);
} else {
  const node = pinnedNode(dirname(fileURLToPath(import.meta.url)));
  if (!node) {
    process.stderr.write(
      `followspot: the pinned Node ${NEEDED_MAJOR} is not installed: run npm install in Followspot's folder, then try again\n`,
    );
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" });
  // Ctrl-C reaches the child as well, through the terminal; our part is to stay until it has tidied up.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

/** The nearest node_modules/node above `folder`. */
function pinnedNode(folder) {
  const candidate = join(folder, "node_modules/node/bin/node");
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : pinnedNode(parent);
}
