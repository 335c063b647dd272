import { spawn } from "node:child_process";
import { once } from "node:events";
import { findPackageManager, type PackageManagerName } from "./package-manager.ts";
import type { SystemTool } from "./system-tool.ts";

/** Enough of an installer's talk to see why it failed. */
const KEPT_OUTPUT = 2_000;
const INSTALL_DEADLINE_MS = 15 * 60_000;

export type ToolResult =
  | { readonly found: true; readonly path: string; readonly installed: boolean }
  /** `advice` is one sentence that says what is missing and how to get it. */
  | { readonly found: false; readonly advice: string };

/**
 * The program's path; installs it by the system's package manager where that is permitted without a password
 * (`FOLLOWSPOT_NO_INSTALL=1` forbids it). `say` gets a line for a person before something takes time.
 */
export async function ensureTool(tool: SystemTool, say: (line: string) => void): Promise<ToolResult> {
  const present = tool.find();
  if (present) return { found: true, path: present, installed: false };
  const { manager, name } = findPackageManager();
  const packageName = name && tool.packages[name];
  const advice = adviceFor(tool, name);
  if (process.env.FOLLOWSPOT_NO_INSTALL === "1" || !manager || !packageName) return { found: false, advice };
  say(`installing ${packageName} with ${manager.name} (${tool.name}, ${tool.purpose})`);
  let output = "";
  for (const command of manager.commandsFor(packageName)) {
    const run = await runQuietly(command);
    output = run.output;
    // `apt-get update` fails when one of several sources is out of reach; the install may work all the same.
    if (!run.ok && !command.includes("update"))
      return { found: false, advice: `${advice} (${lastLine(output)})` };
  }
  const path = tool.find();
  return path
    ? { found: true, path, installed: true }
    : { found: false, advice: `${advice} (${lastLine(output)})` };
}

/** One sentence that says what is missing and how to get it with the machine's package manager. */
export function adviceFor(tool: SystemTool, manager = findPackageManager().name): string {
  const packageName = manager && tool.packages[manager];
  const how =
    manager && packageName
      ? `install it with: ${INSTALL_COMMANDS[manager]} ${packageName}`
      : "install it with your system's package manager";
  return `${tool.name} is needed ${tool.purpose}: ${how}`;
}

/** As a person types them. */
const INSTALL_COMMANDS: Record<PackageManagerName, string> = {
  "apt-get": "sudo apt-get install",
  brew: "brew install",
  dnf: "sudo dnf install",
  pacman: "sudo pacman -S",
  apk: "sudo apk add",
  zypper: "sudo zypper install",
};

async function runQuietly([program = "", ...args]: readonly string[]): Promise<{
  ok: boolean;
  output: string;
}> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: INSTALL_DEADLINE_MS,
    // No questions, and no server started by the package: we run our own, privately.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
  }
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { ok: code === 0, output };
  } catch (error) {
    return { ok: false, output: String(error) };
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
