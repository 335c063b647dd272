import { access } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { readShow, type Show } from "@followspot/show";
import { isOpenAiAddress, OpenAiServer, parseOpenAiAddress } from "@followspot/openai-server";
import { checkCamera } from "./check-camera.ts";
import { type CheckResult, missing, note, ok } from "./check.ts";
import { checkTriton } from "./check-triton.ts";

const MODEL_SERVER_WITHIN_MS = 3_000;

/** The show, where it can be read, and what was found in it. */
export async function checkShow(dir: string): Promise<{ show?: Show; results: CheckResult[] }> {
  let show: Show;
  try {
    show = await readShow(dir);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {
      results: [missing("show", error.message, "correct show.yaml; docs/show-folder.md describes it")],
    };
  }
  const cameras = show.cameras.length === 1 ? "1 camera" : `${show.cameras.length} cameras`;
  const cast = `${show.cast.length} in the cast, ${cameras}`;
  const results = [ok("show", `${show.name}: ${cast} (${show.dir})`)];
  if (show.cameras.length === 0) {
    results.push(missing("cameras", "the show has no camera", "add one under cameras: in show.yaml"));
  }
  results.push(...(await Promise.all(show.cameras.map(checkCamera))));
  results.push(await checkDataset(show), await checkModel(show));
  const { triton, model, ladder } = show.recognizer;
  if (triton && ladder.includes("qwen2-vl")) {
    results.push(isOpenAiAddress(triton) ? await checkOpenAi(triton) : await checkTriton(triton, model));
  } else if (triton) {
    const advice = "name qwen2-vl in recognizer.ladder, or leave the ladder out";
    results.push(note("triton", `${triton} is not used: the ladder does not name qwen2-vl`, advice));
  }
  return { show, results };
}

async function checkDataset(show: Show): Promise<CheckResult> {
  return (await exists(join(show.dir, "dataset/metadata.jsonl")))
    ? ok("data set", "dataset/metadata.jsonl is there")
    : note("data set", "there is none yet", "put captioned pictures into dataset/; docs/teach.md says how");
}

async function checkModel(show: Show): Promise<CheckResult> {
  if (!show.recognizer.ladder.includes("understudy")) {
    const why = "the ladder does not name it: where Qwen2-VL is away, nobody answers";
    return note("understudy", why, "name understudy in recognizer.ladder of show.yaml");
  }
  return (await exists(join(show.dir, "models/current.json")))
    ? ok("understudy", "a trained model is in force")
    : missing("understudy", "no model was trained yet", `run: followspot train --show ${show.dir}`);
}

async function checkOpenAi(address: string): Promise<CheckResult> {
  const server = new OpenAiServer({ address: parseOpenAiAddress(address, "recognizer.triton") });
  try {
    const { name, sees } = await server.probe({ deadlineMs: MODEL_SERVER_WITHIN_MS });
    if (sees !== false) return ok("model server", `${address} serves ${name}`);
    const advice = "start it with the file of the model's eyes: llama-server --mmproj FILE";
    return missing("model server", `${address} serves ${name}, which takes no pictures`, advice);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return missing(
      "model server",
      `${address}: ${why}`,
      "start it, or correct recognizer.triton in show.yaml",
    );
  } finally {
    await server.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
