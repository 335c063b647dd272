import { writeFile } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { ensureRedisServer } from "@followspot/setup";
import { type Command, InvalidArgumentError } from "commander";
import { say } from "../say.ts";

interface BenchOptions {
  readonly json?: string;
  readonly seconds?: number;
  readonly quick?: true;
  readonly pictures?: string;
  readonly scenes?: string;
}

/** `followspot bench NAME`: the measurements that our claims rest on. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .description("measure what our claims rest on")
    .argument("<name>", "overhead, overload, sample-show, recognize, proposals, failover or triton")
    .option("--json <file>", "write the report as JSON there; - is standard output")
    .option("--seconds <number>", "seconds of measurement a case", parseSeconds)
    .option("--quick", "within a minute, for a first impression")
    .option("--pictures <dir>", "recognize: a folder of further pictures to look at")
    .option("--scenes <dir>", "proposals: a folder of folders with img.jpg and mask*.png")
    .action(async (name: string, options: BenchOptions) => {
      const { BENCHES, BENCHES_WITH_REDIS, formatReport, runBench } = await import("@followspot/bench");
      const bench = Object.keys(BENCHES).find((known): known is keyof typeof BENCHES => known === name);
      if (!bench)
        throw new UserError(
          `there is no bench ${JSON.stringify(name)}: choose ${Object.keys(BENCHES).join(" or ")}`,
        );
      if (BENCHES_WITH_REDIS.includes(bench)) await ensureRedisServer(say);
      const report = await runBench(bench, {
        say,
        quick: options.quick ?? false,
        pictures: options.pictures,
        scenes: options.scenes,
        ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
      });
      const json = `${JSON.stringify(report, undefined, 2)}\n`;
      if (options.json === "-") {
        process.stdout.write(json);
        return;
      }
      process.stdout.write(`${formatReport(report)}\n`);
      if (options.json) await writeFile(options.json, json);
    });
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds above 0.");
}
