import type { Command } from "commander";
import type { CheckResult } from "../doctor/check.ts";
import { checkMachine } from "../doctor/check-machine.ts";
import { checkPorts } from "../doctor/check-ports.ts";
import { checkShow } from "../doctor/check-show.ts";
import { showDir } from "../project.ts";
import { printJson } from "../say.ts";
import { DEFAULT_PORT, parsePort, portsFrom } from "../up/ports.ts";

const DECODED = new Set(["file", "rtsp", "webcam"]);
const SIGNS = { ok: "ok     ", note: "note   ", missing: "MISSING" } as const;

/** `followspot doctor`: what is there, what is missing, what to do. Exit code 1 where something is missing. */
export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("say what is missing on this machine and in the show, and what to do")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--port <number>", "the port that `up` will use", parsePort, DEFAULT_PORT)
    .option("--json", "print one JSON document")
    .action(async (options: { readonly show?: string; readonly port: number; readonly json?: true }) => {
      const dir = showDir(options.show);
      const { show, results } = await checkShow(dir);
      const decodes = show?.cameras.some((camera) => DECODED.has(camera.source.kind)) ?? false;
      const all = [
        ...(await checkMachine(dir, decodes)),
        await checkPorts(portsFrom(options.port)),
        ...results,
      ];
      const missing = all.filter((result) => result.state === "missing").length;
      if (options.json) printJson({ ok: missing === 0, checks: all });
      else process.stdout.write(`${table(all)}\n\n${verdict(missing)}\n`);
      if (missing > 0) process.exitCode = 1;
    });
}

function table(results: readonly CheckResult[]): string {
  const width = Math.max(...results.map((result) => result.name.length));
  return results
    .map(({ name, state, detail, advice }) => {
      const line = `${SIGNS[state]}  ${name.padEnd(width)}  ${detail}`;
      return advice ? `${line}\n${" ".repeat(width + 11)}-> ${advice}` : line;
    })
    .join("\n");
}

function verdict(missing: number): string {
  if (missing === 0) return "Ready for a show.";
  return missing === 1 ? "One thing is missing." : `${missing} things are missing.`;
}
