import { join } from "node:path";
import { ID_RULE, isId, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { readShow, type Show } from "@followspot/show";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CommandFailure } from "../command-failure.ts";
import { showDir } from "../project.ts";
import { printJson, say } from "../say.ts";
import { DEFAULT_SEED, trainWithProgress } from "../train-with-progress.ts";

/** Fewer teach nothing that would hold. */
const LEAST_PICTURES = 3;
const MOST_PICTURES = 50;
const MOST_SECONDS = 600;
/** The same words are not said again within this time. */
const REPEAT_AFTER_MS = 2_500;

interface TeachOptions {
  readonly camera?: string;
  readonly kind?: "character" | "prop";
  readonly show?: string;
  readonly pictures: number;
  readonly seconds: number;
  readonly caption?: string;
  readonly redis?: string;
  readonly triton?: string;
  readonly addToCast?: true;
  readonly seed: number;
  readonly train: boolean;
  readonly json?: true;
}

/** `followspot teach NAME`: a newcomer is turned before a camera of the running system, and is known afterwards. */
export function addTeach(program: Command): void {
  program
    .command("teach")
    .description("teach a new puppet or prop: turn it before a camera of the running system")
    .argument("<name>", "its id in the cast list of show.yaml")
    .option("--camera <id>", "the camera that it is shown to (default: the show's only one)")
    .addOption(
      new Option("--kind <kind>", "where the cast list does not say (default: character)").choices([
        "character",
        "prop",
      ]),
    )
    .option("--show <dir>", "the show folder (default: the current folder, else the sample show)")
    .option("--pictures <number>", "pictures to keep", wholeNumber(LEAST_PICTURES, MOST_PICTURES), 12)
    .option("--seconds <number>", "longest time for it", wholeNumber(5, MOST_SECONDS), 60)
    .option("--caption <text>", "one sentence that says what it looks like")
    .option("--add-to-cast", "add it to the cast in show.yaml where it is not in there")
    .option("--redis <url>", "the Redis of a system that was not started by followspot up here")
    .option("--triton <address>", "a further understudy to reload, grpc://HOST:PORT")
    .option("--seed <number>", "same seed and data set, same model", wholeNumber(0, 2 ** 31), DEFAULT_SEED)
    .option("--no-train", "only add the pictures to the data set")
    .option("--json", "print one JSON document")
    .action(async (name: string, options: TeachOptions) => {
      const stop = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
      }
      await teach(name, options, stop.signal);
    });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

async function teach(name: string, options: TeachOptions, stop: AbortSignal): Promise<void> {
  if (!isId(name) || name === UNKNOWN_LABEL) {
    throw new UserError(`the name ${JSON.stringify(name)} cannot be an id: use ${ID_RULE}, not "unknown"`);
  }
  const show = await readShow(showDir(options.show));
  const cameraId = cameraOf(show, options.camera);
  const member = show.cast.find(({ id }) => id === name);
  if (member && options.kind && options.kind !== member.kind) {
    throw new UserError(`${name} is a ${member.kind} in ${show.dir}/show.yaml, not a ${options.kind}`);
  }
  const kind = member?.kind ?? options.kind ?? "character";
  const collected = await collect({ name, show, cameraId, options, stop });

  const { addLesson } = await import("@followspot/teaching");
  const caption = options.caption ?? (member?.description || undefined);
  const lesson = await addLesson(join(show.dir, "dataset"), {
    label: name,
    kind,
    cameraId,
    ...(caption ? { caption } : {}),
    ...collected,
  });
  if (lesson.golden > 0)
    say(`${lesson.golden} pictures were left out: they show what a golden picture shows`);
  say(`${lesson.files.length} pictures were added to ${join(show.dir, "dataset")} as scene ${lesson.scene}`);
  const inCast = member !== undefined || (await offerCastEntry({ name, kind, show, options }));
  const learnt = options.train ? await learn({ name, show, scene: lesson.scene, options, stop }) : undefined;
  if (!member) {
    say(
      "a running system reads the cast list when it starts: start it again to get events about the newcomer",
    );
  }
  if (options.json) printJson({ label: name, kind, camera: cameraId, ...lesson, inCast, ...learnt });
  if (learnt && !learnt.promoted) throw new CommandFailure(learnt.promotion);
}

function cameraOf(show: Show, named: string | undefined): string {
  const ids = show.cameras.map(({ id }) => id);
  const [only] = ids;
  if (named === undefined && ids.length === 1 && only !== undefined) return only;
  if (named !== undefined && ids.includes(named)) return named;
  const listed = ids.length > 0 ? `the show has ${ids.join(", ")}` : "show.yaml lists no cameras";
  throw new UserError(
    named === undefined ? `--camera is needed: ${listed}` : `there is no camera "${named}": ${listed}`,
  );
}

async function collect({
  name,
  show,
  cameraId,
  options,
  stop,
}: {
  readonly name: string;
  readonly show: Show;
  readonly cameraId: string;
  readonly options: TeachOptions;
  readonly stop: AbortSignal;
}) {
  const { createLogger, findSystem } = await import("@followspot/runtime");
  const redisUrl = options.redis ?? (await findSystem(show.dir))?.redisUrl;
  if (!redisUrl) {
    throw new UserError(
      `nothing runs ${show.dir} on this machine: start it with followspot up --show ${show.dir}, or name its Redis with --redis URL`,
    );
  }
  const { countedRefusals, TeachSession, watchCamera } = await import("@followspot/teaching");
  const session = new TeachSession({ pictures: options.pictures });
  const log = createLogger("teach");
  log.level = "fatal";
  say(`take everything off the stage of camera ${cameraId}`);
  let phase = session.state.phase;
  let said = "";
  let saidAtMs = 0;
  await watchCamera({
    session,
    cameraId,
    showId: show.id,
    redisUrl,
    log,
    signal: AbortSignal.any([stop, AbortSignal.timeout(options.seconds * 1_000)]),
    onOffered: (offered, state) => {
      if (state.phase !== phase && state.phase === "collecting") {
        say(`now show ${name}, alone, and turn it slowly: sides, back, near, far, another light`);
      }
      phase = state.phase;
      if (offered.kept) say(`${String(state.kept).padStart(3)} of ${state.wanted} kept`);
      else if (offered.reason) {
        const now = performance.now();
        if (offered.detail === said && now - saidAtMs < REPEAT_AFTER_MS) return;
        if (now - saidAtMs < REPEAT_AFTER_MS / 3) return;
        [said, saidAtMs] = [offered.detail, now];
        say(`     ${offered.detail}`);
      }
    },
  });
  if (stop.aborted) throw new CommandFailure("stopped: nothing was added to the data set");
  const { kept, refused, phase: reached } = session.state;
  const lesson = session.finish();
  if (reached === "empty-stage") {
    throw new CommandFailure(
      `camera ${cameraId} never saw the stage still and empty within ${options.seconds} s (refused: ${countedRefusals(refused)}): clear it, let nothing move, and try again`,
    );
  }
  if (kept < LEAST_PICTURES) {
    throw new CommandFailure(
      `only ${kept} usable pictures of ${name} came within ${options.seconds} s (refused: ${countedRefusals(refused)}), and at least ${LEAST_PICTURES} are needed: try again, with more --seconds`,
    );
  }
  say(`kept ${kept} pictures; refused: ${countedRefusals(refused)}`);
  return lesson;
}

/** Returns whether the newcomer is in the cast list now. */
async function offerCastEntry({
  name,
  kind,
  show,
  options,
}: {
  readonly name: string;
  readonly kind: "character" | "prop";
  readonly show: Show;
  readonly options: TeachOptions;
}): Promise<boolean> {
  const { addCastMember, castLines } = await import("@followspot/show");
  const entry = {
    id: name,
    kind,
    name: titleOf(name),
    ...(options.caption ? { description: options.caption } : {}),
  };
  if (options.addToCast) {
    await addCastMember(show.dir, entry);
    say(`${name} was added to the cast in ${join(show.dir, "show.yaml")}`);
    return true;
  }
  say(`${name} is not in the cast yet: add these lines to cast in ${join(show.dir, "show.yaml")}:`);
  say(castLines(entry).trimEnd());
  return false;
}

function titleOf(id: string): string {
  return id
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

async function learn({
  name,
  show,
  scene,
  options,
  stop,
}: {
  readonly name: string;
  readonly show: Show;
  readonly scene: string;
  readonly options: TeachOptions;
  readonly stop: AbortSignal;
}) {
  const { describeAccuracy, readSamples } = await import("@followspot/recognition");
  const { describeConfusions, findConfusions } = await import("@followspot/teaching");
  const stored = await trainWithProgress(show.dir, options.seed, { signal: stop });
  const { accuracy } = stored.model;
  if (accuracy) say(`accuracy on unseen scenes: ${describeAccuracy(accuracy)}`);
  const confusions = await findConfusions(await readSamples(join(show.dir, "dataset")), {
    label: name,
    scene,
    seed: options.seed,
    signal: stop,
  });
  say(describeConfusions(confusions));
  const { promoted, reason } = stored.promotion;
  say(`model ${stored.version} is ${reason}`);
  const { describeReload, reloadUnderstudies } = await import("@followspot/triton");
  const reloaded = promoted
    ? await reloadUnderstudies({
        showDir: show.dir,
        version: stored.version,
        servers: options.triton ? [options.triton] : [],
        signal: stop,
      })
    : [];
  if (promoted) say(describeReload(reloaded));
  return {
    version: stored.version,
    promoted,
    promotion: reason,
    accuracy: accuracy ?? null,
    confusions,
    reloaded,
  };
}
