import { UserError } from "@followspot/domain";
import { findSystem, type RunningSystem } from "@followspot/runtime";
import { readShow, type Show } from "@followspot/show";
import type { Command } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";

const ANSWER_DEADLINE_MS = 5_000;

interface SceneOptions {
  readonly show?: string;
  readonly none?: true;
  readonly json?: true;
}

/** What results says of the scene that is played; an empty id where none is. */
interface SceneNow {
  readonly id?: string;
  readonly version?: string;
  readonly setAtMs?: number;
}

/** `followspot scene ID`: tells the running system which scene is played. */
export function addScene(program: Command): void {
  program
    .command("scene")
    .description("tell the running system which scene is played, or ask it")
    .argument("[id]", "a scene of show.yaml")
    .option("--none", "no scene is played")
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--json", "print one JSON document")
    .action(async (id: string | undefined, options: SceneOptions) => {
      const show = await readShow(showDir(options.show));
      if (id !== undefined && options.none) throw new UserError("give a scene or --none, not both");
      if (id !== undefined) checkScene(show, id);
      const system = await findSystem(show.dir);
      if (!system) throw new UserError(`no system runs the show in ${show.dir}: start it with followspot up`);
      const wanted = options.none ? "" : id;
      const scene = await ask(system, wanted);
      if (options.json) printJson({ scene: scene.id || null, setAtMs: scene.setAtMs ?? null });
      else say(sentence(show, scene, wanted !== undefined));
    });
}

function checkScene({ scenes, dir }: Show, id: string): void {
  if (scenes.some((scene) => scene.id === id)) return;
  const known = scenes.map((scene) => scene.id).join(", ");
  throw new UserError(
    known
      ? `there is no scene ${JSON.stringify(id)}: choose one of ${known}`
      : `${dir}/show.yaml names no scenes: add them under scenes:`,
  );
}

/** Sets it where `id` is given. @throws CommandFailure */
async function ask(
  { results, token, operateToken }: RunningSystem,
  id: string | undefined,
): Promise<SceneNow> {
  const bearer = operateToken ?? token;
  try {
    const response = await fetch(`${results}/v1/scene`, {
      method: id === undefined ? "GET" : "PUT",
      headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), connection: "close" },
      ...(id !== undefined && { body: JSON.stringify({ scene: id || null }) }),
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    });
    if (response.ok) return (await response.json()) as SceneNow;
    throw new CommandFailure((await response.text()).trim());
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    throw new CommandFailure(
      `results does not answer at ${results}: followspot doctor says what is missing`,
      { cause },
    );
  }
}

function sentence({ scenes }: Show, { id }: SceneNow, isNew: boolean): string {
  if (!id) return isNew ? "no scene is played now" : "no scene is set";
  const name = scenes.find((scene) => scene.id === id)?.name ?? id;
  return `${isNew ? "now played" : "played"}: ${id} (${name})`;
}
