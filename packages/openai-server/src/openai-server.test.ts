import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type TestContext, test } from "node:test";
import { parseOpenAiAddress } from "./openai-address.ts";
import { conversationOf } from "./openai-engine.ts";
import { OpenAiServer } from "./openai-server.ts";

// What a real llama.cpp does is in openai-server.llama.test.ts. Here: what it does not do on demand.
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const CALL = { signal: new AbortController().signal, deadlineMs: 5_000 };
const QUESTION = { system: "", user: "Who?", maxTokens: 5, ...CALL };
const MODELS = JSON.stringify({ object: "list", data: [{ id: "m" }] });

async function standIn(context: TestContext, answer: Answer, apiKey?: string): Promise<OpenAiServer> {
  const http = createServer((request, response) => {
    if (request.url === "/v1/models") response.end(MODELS);
    else answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as { port: number };
  const server = new OpenAiServer({ address: { url: `http://127.0.0.1:${port}` }, apiKey });
  context.after(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  return server;
}

const completion = (choice: object): string => JSON.stringify({ choices: [choice] });

for (const [status, reason] of [
  [400, "rejected"],
  [401, "unauthorized"],
  [404, "model-unavailable"],
  [413, "too-large"],
  [429, "overloaded"],
  [500, "failed"],
  [503, "unavailable"],
] as const) {
  test(`a server that answers ${status} says why, and that is passed on as ${reason}`, async (context) => {
    const server = await standIn(context, (_, response) => {
      response.statusCode = status;
      response.end(JSON.stringify({ error: { code: status, message: "these are its words", type: "x" } }));
    });
    await assert.rejects(server.complete(QUESTION), {
      reason,
      message: `[${reason}] ${status}: these are its words`,
    });
  });
}

for (const [what, body, message] of [
  ["no JSON", "<html>", /no JSON: <html>/],
  ["no choice", JSON.stringify({ choices: [] }), /no chat completion: choices/],
  ["a text that is a number", completion({ message: { content: 5 } }), /choices\.0\.message\.content/],
  [
    "probabilities that are words",
    completion({ message: { content: "a" }, logprobs: { content: [{ token: "a", logprob: "high" }] } }),
    /logprob/,
  ],
  ["a novel without end", completion({ message: { content: "a".repeat(300_000) } }), /does not end/],
  ["more than fits", "a".repeat(17_000_000), /more than 16000000 bytes/],
] as const) {
  test(`an answer with ${what} is malformed`, async (context) => {
    const server = await standIn(context, (_, response) => void response.end(body));
    await assert.rejects(server.complete(QUESTION), { reason: "malformed-answer", message });
  });
}

test("a server that sends elsewhere is not followed: the picture stays where it was sent to", async (context) => {
  const stranger = createServer(() => assert.fail("a stranger got the question")).listen(0, "127.0.0.1");
  context.after(() => stranger.close());
  await once(stranger, "listening");
  const { port } = stranger.address() as { port: number };
  for (const status of [302, 307]) {
    const server = await standIn(context, (_, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${port}/v1/chat/completions?key=1` }).end();
    });
    await assert.rejects(server.complete({ ...QUESTION, pictures: [Buffer.from("jpeg")] }), {
      reason: "rejected",
      message: `[rejected] ${status}: it sends to http://127.0.0.1:${port}: name that address`,
    });
  }
});

test("a server that repeats the key in what it says does not bring it into a message", async (context) => {
  for (const [status, body] of [
    [401, JSON.stringify({ error: { message: "no such key:\n top-secret" } })],
    [500, "<p>Authorization: Bearer top-secret</p>"],
    [200, "Bearer top-secret"],
    [200, JSON.stringify({ error: "top-secret has no credit" })],
  ] as const) {
    const answer: Answer = (_, response) => void response.writeHead(status).end(body);
    const server = await standIn(context, answer, "top-secret");
    await assert.rejects(server.complete(QUESTION), (error: Error) => {
      assert.match(error.message, /\*\*\*/);
      return !/top-secret|\n/.test(error.message);
    });
  }
});

test("a server that says with 200 that it went wrong is believed", async (context) => {
  const body = JSON.stringify({ error: { message: "out of memory" } });
  const server = await standIn(context, (_, response) => void response.end(body));
  await assert.rejects(server.complete(QUESTION), { reason: "failed", message: "[failed] out of memory" });
});

test("an answer that trickles in is given up at the deadline", async (context) => {
  const server = await standIn(context, (_, response) => {
    const drop = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(drop));
  });
  await assert.rejects(server.complete({ ...QUESTION, deadlineMs: 200 }), { reason: "deadline-exceeded" });
});

test("a server that comes back with another model is asked for its name again", async (context) => {
  let [model, up] = ["first", true];
  const asked: unknown[] = [];
  const http = createServer((request, response) => {
    if (request.url === "/v1/models") return void response.end(JSON.stringify({ data: [{ id: model }] }));
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      asked.push((JSON.parse(text) as { model: string }).model);
      response.writeHead(up ? 200 : 503).end(completion({ message: { content: "[]" } }));
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as { port: number };
  const server = new OpenAiServer({ address: { url: `http://127.0.0.1:${port}` } });
  context.after(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  await server.complete(QUESTION);
  [model, up] = ["second", false];
  await assert.rejects(server.complete(QUESTION), { reason: "unavailable" });
  up = true;
  await server.complete(QUESTION);
  assert.deepEqual([asked, server.model], [["first", "first", "second"], "second"]);
});

test("an answer without text, reason, usage and probabilities is an empty one", async (context) => {
  const server = await standIn(
    context,
    (_, response) => void response.end(completion({ message: { content: null } })),
  );
  const { callMs, ...answer } = await server.complete(QUESTION);
  assert.deepEqual(answer, {
    text: "",
    logprobs: "",
    finishReason: undefined,
    inputTokens: undefined,
    outputTokens: undefined,
  });
  assert.ok(callMs > 0);
});

test("alternatives without ids are told apart by their texts, and the chosen one is among them", async (context) => {
  const place = { token: "yes", logprob: -0.1, top_logprobs: [{ token: "no", logprob: -3 }] };
  const server = await standIn(
    context,
    (_, response) =>
      void response.end(completion({ message: { content: "yes" }, logprobs: { content: [place] } })),
  );
  const { logprobs } = await server.complete(QUESTION);
  assert.deepEqual(JSON.parse(logprobs), [
    { no: { logprob: -3, decoded_token: "no" }, yes: { logprob: -0.1, decoded_token: "yes" } },
  ]);
});

test("what is sent is a chat completion with the picture as a data URL, and the key in its header", async (context) => {
  let sent: { body: Record<string, unknown>; key: string | undefined } | undefined;
  const answer: Answer = (request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      sent = { body: JSON.parse(text) as Record<string, unknown>, key: request.headers.authorization };
      response.end(completion({ message: { content: "[]" } }));
    });
  };
  const server = await standIn(context, answer, "secret");
  const schema = { type: "array" };
  await server.complete({
    ...QUESTION,
    system: "You watch.",
    pictures: [Buffer.from("jpeg")],
    schema,
    stop: ["\n"],
  });
  assert.deepEqual(sent, {
    key: "Bearer secret",
    body: {
      model: "m",
      messages: [
        { role: "system", content: "You watch." },
        {
          role: "user",
          content: [
            { type: "image_url", image_url: { url: "data:image/jpeg;base64,anBlZw==" } },
            { type: "text", text: "Who?" },
          ],
        },
      ],
      max_tokens: 5,
      temperature: 0,
      stream: false,
      stop: ["\n"],
      response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema } },
    },
  });
});

test("a question of a novel, or with an album of pictures, is not even sent", async (context) => {
  const server = await standIn(context, () => assert.fail("it was sent"));
  await assert.rejects(server.complete({ ...QUESTION, user: "a".repeat(400_001) }), {
    reason: "rejected",
    message: /400001 characters/,
  });
  const pictures = Array.from({ length: 65 }, () => new Uint8Array(1));
  await assert.rejects(server.complete({ ...QUESTION, pictures }), {
    reason: "rejected",
    message: /65 pictures/,
  });
  await assert.rejects(server.complete({ ...QUESTION, deadlineMs: 0 }), { reason: "deadline-exceeded" });
});

test("an address names server and model", () => {
  const parse = (text: string) => parseOpenAiAddress(text, "--recognizer");
  assert.deepEqual(parse("openai:http://127.0.0.1:8080"), { url: "http://127.0.0.1:8080" });
  assert.deepEqual(parse("openai:https://host/Qwen/Qwen2-VL%202B"), {
    url: "https://host",
    model: "Qwen/Qwen2-VL 2B",
  });
  assert.deepEqual(parse("openai:http://host/100%"), { url: "http://host", model: "100%" });
  assert.deepEqual(parse("openai:http://host:1/v1/"), { url: "http://host:1" });
  assert.deepEqual(parse("openai:http://host/v1/Qwen/v1"), { url: "http://host", model: "Qwen/v1" });
  assert.deepEqual(parse("openai:http://host/v15"), { url: "http://host", model: "v15" });
  for (const bad of [
    "http://host",
    "openai:",
    "openai:ftp://host",
    "openai:http://me:secret@host",
    "openai:http://host?key=1",
  ]) {
    assert.throws(() => parse(bad), {
      name: "UserError",
      message: /^--recognizer: it must be openai:http:\/\/HOST:PORT/,
    });
  }
});

const VISION = "<|vision_start|><|image_pad|><|vision_end|>";
const chat = (system: string, user: string): string =>
  `<|im_start|>system\n${system}<|im_end|>\n<|im_start|>user\n${user}<|im_end|>\n<|im_start|>assistant\n`;

test("a finished prompt is taken apart into what it was made of", () => {
  const [a, b] = [new Uint8Array([1]), new Uint8Array([2])];
  assert.deepEqual(conversationOf(chat("Two\nlines", `fox: ${VISION}${VISION}Who?`), [a, b]), {
    system: "Two\nlines",
    user: [{ text: "fox: " }, { jpeg: a }, { jpeg: b }, { text: "Who?" }],
  });
  assert.deepEqual(conversationOf(chat("", "Who?"), []), { system: "", user: [{ text: "Who?" }] });
});

test("a prompt of another form, or with other pictures than places, is refused", () => {
  assert.throws(() => conversationOf("Who is there?", []), {
    reason: "rejected",
    message: /no conversation in Qwen's format/,
  });
  assert.throws(() => conversationOf(chat("", `${VISION}Who?`), []), {
    reason: "rejected",
    message: /1 pictures, and 0/,
  });
});
