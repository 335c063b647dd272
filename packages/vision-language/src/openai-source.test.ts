import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { OpenAiServer, parseOpenAiAddress } from "@followspot/openai-server";
import sharp from "sharp";
import { madeUpShow } from "./testdata/made-up-show.ts";
import { openVisionRecognizer } from "./vision-recognizer.ts";

test("a model behind OpenAI's API is found, warmed up and asked in the same words", async (t) => {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    if (request.method === "POST") {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => (body += part));
      request.on("end", () => asked.push(body));
    }
    const message = { role: "assistant", content: '["fox"]' };
    const answer =
      request.url === "/v1/models"
        ? { data: [{ id: "tiny" }] }
        : { choices: [{ index: 0, message, finish_reason: "stop" }] };
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as { port: number };
  const address = parseOpenAiAddress(`openai:http://127.0.0.1:${port}`, "address");
  const client = new OpenAiServer({ address });
  const recognizer = await openVisionRecognizer({ client, show: madeUpShow(), recognizer: { ask: "list" } });
  t.after(async () => {
    await recognizer.close();
    await client.close();
    http.close();
  });

  const identity = await recognizer.waitUntilReady(AbortSignal.timeout(30_000));
  assert.match(identity.version, /^tiny\.[0-9a-f]{12}\+[0-9a-f]{8}$/);
  assert.equal(identity.rung, "qwen2-vl");
  const jpeg = await sharp({ create: { width: 320, height: 180, channels: 3, background: "#205080" } })
    .jpeg()
    .toBuffer();
  const answer = await recognizer.recognize({ jpeg, deadlineMs: 5_000 });
  assert.deepEqual([answer.ranked, answer.reading], [["fox"], "json"]);
  assert.equal(asked.length, 2, "once to warm up");
  assert.match(asked.at(-1) ?? "", /Who of the cast is in this picture\?/);
});
