import type { IncomingMessage, ServerResponse } from "node:http";
import { create, toJsonString } from "@bufbuild/protobuf";
import { type NowMs, readBody } from "@followspot/runtime";
import { type CurrentScene, CurrentSceneSchema } from "@followspot/schema/followspot/v1/subscribe";
import { z } from "zod";

export interface SceneApiDeps {
  /** The ids of the show's scenes. */
  readonly scenes: readonly string[];
  readonly read: () => Promise<CurrentScene | undefined>;
  readonly set: (id: string, atMs: number) => Promise<CurrentScene>;
  readonly nowMs: NowMs;
}

const MAX_BODY_BYTES = 1_024;
const Body = z.strictObject({ scene: z.string().nullable() });
const WANTED = 'it must be {"scene": "ID"}, or {"scene": null} for none';
const TEXT = { "content-type": "text/plain; charset=utf-8" };
const JSON_HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

/** /v1/scene for somebody who may: GET tells which scene is played, PUT `{"scene": "ID"}` (or null) sets it. */
export async function answerScene(
  { scenes, read, set, nowMs }: SceneApiDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refuse = (status: number, sentence: string) =>
    void response.writeHead(status, TEXT).end(`${sentence}\n`);
  const tell = (scene: CurrentScene) =>
    void response.writeHead(200, JSON_HEADERS).end(`${toJsonString(CurrentSceneSchema, scene)}\n`);
  try {
    if (request.method === "GET") return tell((await read()) ?? create(CurrentSceneSchema));
    const body = await readBody(request, response, { maxBytes: MAX_BODY_BYTES });
    if (body === "late") return refuse(408, "the body did not arrive in time");
    if ("tooLarge" in body) return refuse(413, `the body is too large: ${WANTED}`);
    const wanted = sceneIn(body);
    if (wanted === undefined) return refuse(400, `the body is something else: ${WANTED}`);
    if (wanted !== "" && !scenes.includes(wanted)) {
      const known = scenes.length > 0 ? `it has ${scenes.join(", ")}` : "show.yaml names none";
      return refuse(404, `the show has no scene ${JSON.stringify(wanted)}: ${known}`);
    }
    tell(await set(wanted, nowMs()));
  } catch {
    refuse(503, "Redis does not answer: the scene is as it was; try again");
  }
}

/** The scene's id, "" for none; undefined where the body is something else. */
function sceneIn(body: Buffer): string | undefined {
  try {
    const parsed = Body.safeParse(JSON.parse(body.toString("utf8")));
    return parsed.success ? (parsed.data.scene ?? "") : undefined;
  } catch {
    return undefined;
  }
}
