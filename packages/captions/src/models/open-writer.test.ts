import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type TestContext, test } from "node:test";
import { UserError } from "@followspot/domain";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { openWriter, parseWriterPlace } from "./open-writer.ts";

const QUESTION = {
  system: "You tidy.",
  user: "A wolf.",
  schema: { type: "object" },
  maxTokens: 20,
  temperature: 0,
  signal: new AbortController().signal,
  deadlineMs: 5_000,
};
const open = (text: string) => openWriter(parseWriterPlace(text, "--text"), { option: "--text" });

function refusal(pattern: RegExp) {
  return (error: Error): boolean => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, pattern);
    return true;
  };
}

test("an address says where and which model, or is refused with an example", () => {
  assert.deepEqual(parseWriterPlace("grpc://h:1/m", "--text"), { address: "grpc://h:1", model: "m" });
  assert.deepEqual(parseWriterPlace("openai:http://h:1", "--text"), {
    address: "openai:http://h:1",
    model: "",
  });
  assert.deepEqual(parseWriterPlace("openai:http://h:1/m", "--text"), {
    address: "openai:http://h:1",
    model: "m",
  });
  for (const bad of ["", "localhost:8001", "grpc://h:1", "http://h:1/m", "grpc://h/m"]) {
    assert.throws(
      () => parseWriterPlace(bad, "--text"),
      refusal(/^--text must be grpc:\/\/HOST:PORT\/MODEL.*, as /),
    );
  }
});

test("a server that is not there, has no such model, or one that cannot write is named in one sentence", async (context) => {
  const triton = await ScriptedTriton.start({ models: [{ name: "understudy" }] });
  context.after(() => triton.close());
  await assert.rejects(
    open("grpc://127.0.0.1:9/m"),
    refusal(/^--text: no model server answers at grpc:\/\/127\.0\.0\.1:9/),
  );
  await assert.rejects(
    open(`${triton.address}/m`),
    refusal(/^--text: the server at .* has no model "m" ready/),
  );
  await assert.rejects(open(`${triton.address}/understudy`), refusal(/gives scores and cannot write/));
  await assert.rejects(
    open("openai:http://127.0.0.1:9"),
    refusal(/^--text: no model server answers at http:/),
  );
});

test("the model's name tells how it is talked to, and the end of its answer is cut off", async (context) => {
  const prompts: string[] = [];
  const triton = await ScriptedTriton.start({
    models: [
      {
        name: "llama-3-8b",
        contract: "vllm",
        texts: ({ prompt }) => {
          prompts.push(prompt);
          return prompt.includes("yes or no") ? ["yes"] : ["said<|eot_id|>and more"];
        },
      },
    ],
  });
  context.after(() => triton.close());
  const model = await open(`${triton.address}/llama-3-8b`);
  context.after(() => model.close());
  assert.equal((await model.write(QUESTION)).text, "said");
  assert.match(prompts.at(-1) ?? "", /^<\|start_header_id\|>system<\|end_header_id\|>\n\nYou tidy\./);
  assert.equal(model.name, `llama-3-8b at ${triton.address}`);
});

/** What llama.cpp's server really says is tried in packages/openai-server. */
async function openAiStandIn(context: TestContext) {
  const asked: { messages: unknown }[] = [];
  const http = createServer((request, response) => {
    if (request.url === "/v1/models") return response.end(JSON.stringify({ data: [{ id: "qwen" }] }));
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    return request.on("end", () => {
      asked.push(JSON.parse(body) as { messages: unknown });
      const message = { content: ' {"a": 1} ' };
      response.end(JSON.stringify({ choices: [{ message }], usage: { completion_tokens: 7 } }));
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  context.after(() => {
    http.closeAllConnections();
    http.close();
  });
  return { asked, address: `openai:http://127.0.0.1:${(http.address() as { port: number }).port}` };
}

test("a server of OpenAI's API is asked in its own way, with the schema", async (context) => {
  const { asked, address } = await openAiStandIn(context);
  const model = await open(address);
  context.after(() => model.close());
  assert.match(model.name, /^qwen at http:\/\//);
  assert.deepEqual(await model.write(QUESTION), { text: '{"a": 1}', outputTokens: 7 });
  const body = JSON.stringify(asked[0]);
  assert.match(body, /"role":"system","content":"You tidy\."/);
  assert.match(body, /json_schema/);
  await assert.rejects(open(`${address}/other`), refusal(/has no model "other" ready/));
});
