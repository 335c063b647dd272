import { spawnSync } from "node:child_process";
import { findOnPath } from "./find-on-path.ts";

export type PackageManagerName = "apt-get" | "brew" | "dnf" | "pacman" | "apk" | "zypper";

/** The commands that install one package, in order, each a program with its arguments. */
const COMMANDS: Record<PackageManagerName, (name: string) => readonly (readonly string[])[]> = {
  "apt-get": (name) => [
    ["apt-get", "update", "-q"],
    ["apt-get", "install", "-y", "-q", "--no-install-recommends", name],
  ],
  brew: (name) => [["brew", "install", name]],
  dnf: (name) => [["dnf", "install", "-y", name]],
  pacman: (name) => [["pacman", "-S", "--noconfirm", "--needed", name]],
  apk: (name) => [["apk", "add", name]],
  zypper: (name) => [["zypper", "--non-interactive", "install", name]],
};

/** A package manager that we may use without asking for a password. */
export interface PackageManager {
  readonly name: PackageManagerName;
  readonly commandsFor: (packageName: string) => readonly (readonly string[])[];
}

/** The system's package manager, with what it takes to be permitted: root, or sudo that asks nothing. */
export function findPackageManager(): { manager?: PackageManager; name?: PackageManagerName } {
  const name = (Object.keys(COMMANDS) as PackageManagerName[]).find((candidate) => findOnPath([candidate]));
  if (!name) return {};
  const prefix = permission(name);
  if (!prefix) return { name };
  return {
    name,
    manager: {
      name,
      commandsFor: (wanted) => COMMANDS[name](wanted).map((command) => [...prefix, ...command]),
    },
  };
}

function permission(name: PackageManagerName): readonly string[] | undefined {
  // Homebrew refuses root and needs no rights; all others need them.
  if (name === "brew" || process.getuid?.() === 0) return [];
  if (!findOnPath(["sudo"])) return undefined;
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}
