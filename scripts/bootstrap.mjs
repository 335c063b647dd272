// Brings a fresh clone to the point where our TypeScript can run: npm packages and the pinned Node. Plain JavaScript
// without dependencies, because at this point there are none; runs on Node 20 and newer.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "node_modules/.followspot-installed");
const OLDEST_NODE = 20;
const PINNED_MAJOR = 24;

/** Installs what is missing and returns the path of the pinned Node. Ends the process with one sentence where it cannot. */
export function bootstrap() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    giveUp(`Followspot needs Node ${OLDEST_NODE} or newer to install itself, and this is ${process.version}`);
  }
  installPackages();
  return pinnedNode();
}

/** Runs `node script args` in our place: passes signals on and ends with its exit code. */
export function handOver(node, args) {
  const child = spawn(node, args, { cwd: process.cwd(), stdio: "inherit" });
  // Ctrl-C reaches the child as well, through the terminal; our part is to stay until it has tidied up.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => giveUp(`could not run ${node}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

function installPackages() {
  const lock = readFileSync(join(root, "package-lock.json"));
  // The platform is part of it: a folder shared between machines holds the binaries of one of them.
  const wanted = createHash("sha256")
    .update(lock)
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  say("installing npm packages (once; about a minute)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const run = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
  });
  if (run.error) giveUp(`npm could not be run (${run.error.message}): install npm, then try again`);
  if (run.status !== 0) giveUp("npm could not install the packages; its message above says why");
  writeFileSync(stampFile, wanted);
}

function pinnedNode() {
  const pinned = join(root, "node_modules/node/bin/node");
  if (works(pinned)) return pinned;
  // npm was told to run no install scripts: the package's own one brings the binary.
  say(`installing Node ${PINNED_MAJOR}`);
  spawnSync(process.execPath, ["installArchSpecificPackage.js"], {
    cwd: join(root, "node_modules/node"),
    stdio: "inherit",
  });
  if (works(pinned)) return pinned;
  if (Number(process.versions.node.split(".")[0]) >= PINNED_MAJOR) return process.execPath;
  return giveUp(
    `Node ${PINNED_MAJOR} could not be installed through npm for ${process.platform}-${process.arch}: install Node ${PINNED_MAJOR} from nodejs.org, then try again`,
  );
}

function works(node) {
  return existsSync(node) && spawnSync(node, ["--version"], { stdio: "ignore" }).status === 0;
}

function say(line) {
  process.stderr.write(`followspot: ${line}\n`);
}

function giveUp(sentence) {
  say(sentence);
  process.exit(1);
}
