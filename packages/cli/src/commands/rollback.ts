import { join } from "node:path";
import type { KnownModel } from "@followspot/recognition";
import { readShow } from "@followspot/show";
import type { Command } from "commander";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { tellRunning } from "../tell-running.ts";

interface RollbackOptions {
  readonly show?: string;
  readonly to?: string;
  readonly list?: true;
  readonly json?: true;
}

/** `followspot rollback`: a former model is in force again, in a running system too. */
export function addRollback(program: Command): void {
  program
    .command("rollback")
    .description("put the understudy's former model in force again, in a running system at once")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--to <version>", "which model, by its version or the beginning of it (default: the one before)")
    .option("--list", "list the models that there are, and change nothing")
    .option("--json", "print one JSON document")
    .action(async (options: RollbackOptions) => {
      const show = await readShow(showDir(options.show));
      const modelsDir = join(show.dir, "models");
      const { listModels, rollBack } = await import("@followspot/recognition");
      if (options.list) {
        const models = await listModels(modelsDir);
        if (options.json) printJson({ models });
        else for (const model of models) say(lineFor(model));
        return;
      }
      const { version, from } = await rollBack(modelsDir, options.to);
      const running = await tellRunning(show.dir, version);
      if (options.json) printJson({ version, from: from ?? null, running });
      else say(`in force: model ${version}${from ? `, before it ${from}` : ""}\n${running}`);
    });
}

function lineFor({ version, inForce, last }: KnownModel): string {
  // The first model of a show comes with its folder: nobody has noted when it came into force.
  const never = inForce ? "in force from the beginning" : "never in force";
  const when = last ? `${last.at.slice(0, 16).replace("T", " ")} UTC  ${last.why}` : never;
  return `${inForce ? "* " : "  "}${version}  ${when}`;
}
