import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { after, test } from "node:test";
import { llamaForTests, pythonForTests, until } from "@followspot/testkit";
import { InferenceError } from "@followspot/triton";
import { parseOpenAiAddress } from "./openai-address.ts";
import { OpenAiEngine } from "./openai-engine.ts";
import { OpenAiServer } from "./openai-server.ts";
import { JPEG_BLUE, JPEG_ORANGE } from "./testdata/pictures.ts";

// Everything here asks a real llama.cpp server, with a vision-language model of random weights.
const environment = await pythonForTests("llama");
const skip = environment.skip;
const llama = environment.python ? await llamaForTests({ python: environment.python.python }) : undefined;
const server = new OpenAiServer({ address: { url: llama?.url ?? "http://127.0.0.1:1" } });
after(() => server.close());

const SYSTEM = "You watch the puppet show.\nCharacters:\n- fox: the fox";
const call = { signal: new AbortController().signal, deadlineMs: 20_000 };
const prompt = (pictures: number, question: string): string =>
  `<|im_start|>system\n${SYSTEM}<|im_end|>\n<|im_start|>user\n${"<|vision_start|><|image_pad|><|vision_end|>".repeat(pictures)}${question}<|im_end|>\n<|im_start|>assistant\n`;

test("the server is found, with a model that takes pictures and a version of its own", { skip }, async () => {
  const found = await server.probe();
  assert.deepEqual({ name: found.name, sees: found.sees }, { name: "tiny", sees: true });
  assert.match(found.version, /^[0-9a-f]{12}$/);
  assert.equal((await server.probe()).version, found.version);
});

test("a model that the server has not is named, with those that it has", { skip }, async () => {
  const other = new OpenAiServer({ address: { url: server.address, model: "qwen" } });
  await assert.rejects(other.probe(), {
    reason: "model-unavailable",
    message: /has no model "qwen", only tiny/,
  });
  await other.close();
});

test("a schema holds the answer to the closed set, whatever the model would rather say", {
  skip,
}, async () => {
  const names = ["fox", "bear", "unknown"];
  const schema = { type: "array", items: { enum: names }, minItems: 1, maxItems: 3 };
  const free = await server.complete({ system: SYSTEM, user: "Who is there?", maxTokens: 20, ...call });
  assert.throws(
    () => JSON.parse(free.text) as unknown,
    "the random model speaks JSON by itself: choose another seed",
  );
  const { text, finishReason } = await server.complete({
    system: SYSTEM,
    user: "Who is there?",
    maxTokens: 60,
    schema,
    ...call,
  });
  const said = JSON.parse(text) as string[];
  assert.ok(said.length >= 1 && said.every((name) => names.includes(name)), text);
  assert.equal(finishReason, "stop");
});

test("a choice holds the answer to one of its texts", { skip }, async () => {
  const engine = await OpenAiEngine.open(server, call.signal);
  const choice = ['the "fox"', "bär", "a\\b"];
  const { text } = await engine.ask(
    { prompt: prompt(0, "Who?"), pictures: [], sampling: { maxTokens: 30, constraint: { choice } } },
    call,
  );
  assert.ok(choice.includes(text), text);
});

test("the model sees the picture: another one changes what it says, the same one does not", {
  skip,
}, async () => {
  const engine = await OpenAiEngine.open(server, call.signal);
  const ask = async (jpeg: Uint8Array) =>
    engine.ask(
      { prompt: prompt(1, "Who?"), pictures: [jpeg], sampling: { maxTokens: 1, logprobs: 20 } },
      call,
    );
  const [blue, orange, again] = [await ask(JPEG_BLUE), await ask(JPEG_ORANGE), await ask(JPEG_BLUE)];
  assert.notEqual(blue.logprobs, orange.logprobs);
  const top = (json: string) => Object.keys((JSON.parse(json) as [object])[0]).sort();
  assert.deepEqual(top(again.logprobs), top(blue.logprobs));
});

test("probabilities are told for each alternative, as vLLM tells them, and not after the grammar", {
  skip,
}, async () => {
  const engine = await OpenAiEngine.open(server, call.signal);
  const ask = (constraint?: { choice: string[] }) =>
    engine.ask(
      {
        prompt: prompt(1, "Is it the fox?"),
        pictures: [JPEG_BLUE],
        sampling: { maxTokens: 1, logprobs: 20, ...(constraint && { constraint }) },
      },
      call,
    );
  const { logprobs, inputTokens, outputTokens } = await ask();
  const [place] = JSON.parse(logprobs) as [Record<string, { logprob: number; decoded_token: string }>];
  const alternatives = Object.entries(place);
  assert.ok(alternatives.length >= 20 && alternatives.every(([id]) => /^\d+$/.test(id)), logprobs);
  const sum = alternatives.reduce((all, [, { logprob }]) => all + Math.exp(logprob), 0);
  assert.ok(sum > 0.5 && sum <= 1.001, String(sum));
  assert.ok((inputTokens ?? 0) > 20 && outputTokens === 1);
  const constrained = await ask({ choice: ["yes", "no"] });
  assert.match(constrained.text, /^[yn]/);
  const [held] = JSON.parse(constrained.logprobs) as [typeof place];
  const others = Object.values(held).filter(({ decoded_token: token }) => !/^[yn]/.test(token));
  assert.ok(others.length > 5, "after the grammar nothing else would have a probability");
});

test("the server writes the conversation as our own prompt does, so training and serving agree", {
  skip,
}, async () => {
  const body = {
    messages: [
      { role: "system", content: SYSTEM },
      { role: "user", content: "Who?" },
    ],
  };
  const response = await fetch(`${server.address}/apply-template`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  const { prompt: written } = (await response.json()) as { prompt: string };
  assert.equal(written, prompt(0, "Who?"));
});

test("eight questions at once are all answered, each with its own picture's answer", { skip }, async () => {
  const engine = await OpenAiEngine.open(server, call.signal);
  const ask = (at: number) =>
    engine.ask(
      {
        prompt: prompt(1, "Who?"),
        pictures: [at % 2 ? JPEG_BLUE : JPEG_ORANGE],
        sampling: { maxTokens: 1, logprobs: 5 },
      },
      call,
    );
  const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => ask(at)));
  const best = answers.map(({ logprobs }) => Object.keys((JSON.parse(logprobs) as [object])[0])[0]);
  assert.equal(new Set(best.filter((_, at) => at % 2)).size, 1, best.join());
});

test("what the server refuses is refused with its words", { skip }, async () => {
  const engine = await OpenAiEngine.open(server, call.signal);
  const broken = new Uint8Array([1, 2, 3]);
  await assert.rejects(
    engine.ask({ prompt: prompt(1, "Who?"), pictures: [broken], sampling: { maxTokens: 1 } }, call),
    (error) => {
      assert.ok(error instanceof InferenceError);
      assert.match(error.message, /image|media|bitmap/i);
      return !error.retryable || error.reason === "failed";
    },
  );
  const long = "word ".repeat(40_000);
  await assert.rejects(
    engine.ask({ prompt: prompt(0, long), pictures: [], sampling: { maxTokens: 1 } }, call),
    {
      reason: "rejected",
      message: /context|tokens/,
    },
  );
});

test("a deadline ends the call, and the server is free again", { skip }, async () => {
  const startedMs = performance.now();
  const novel = { system: SYSTEM, user: "Tell everything.", maxTokens: 6_000 };
  await assert.rejects(server.complete({ ...novel, signal: call.signal, deadlineMs: 150 }), {
    reason: "deadline-exceeded",
  });
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < 2_000, `${tookMs} ms`);
  await until("the server has noticed", () => /cancel/i.test(llama?.output() ?? ""));
  const { text } = await server.complete({ ...novel, maxTokens: 1, ...call });
  assert.ok(text.length > 0);
});

test("whoever gives up is let go at once, and so is everybody when the client closes", { skip }, async () => {
  const stop = new AbortController();
  const novel = { system: SYSTEM, user: "Tell everything.", maxTokens: 6_000, deadlineMs: 20_000 };
  const asked = server.complete({ ...novel, signal: stop.signal });
  stop.abort(new Error("a newer frame"));
  await assert.rejects(asked, { reason: "canceled", message: /a newer frame/ });
  const second = new OpenAiServer({ address: { url: server.address } });
  const other = second.complete({ ...novel, signal: call.signal });
  await second.close();
  await second.close();
  await assert.rejects(other, { reason: "canceled" });
});

test("a server that dies is unavailable, with its address", { skip }, async (context) => {
  if (!environment.python) return;
  const mortal = await llamaForTests({ python: environment.python.python }, context);
  const client = new OpenAiServer({
    address: parseOpenAiAddress(`openai:${mortal.url}/tiny`, "--recognizer"),
  });
  context.after(() => client.close());
  await client.probe();
  const novel = { system: SYSTEM, user: "Tell everything.", maxTokens: 6_000, ...call };
  const refused = assert.rejects(client.complete(novel), { reason: "unavailable" });
  await mortal.stop();
  await refused;
  await assert.rejects(client.probe(), {
    reason: "unavailable",
    message: new RegExp(`no answer from ${mortal.url} \\(ECONNREFUSED\\)`),
  });
});

test("what is no server of this kind is told apart", async (context) => {
  const odd = createServer(
    (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"),
  ).listen(0, "127.0.0.1");
  context.after(() => odd.close());
  await once(odd, "listening");
  const { port } = odd.address() as { port: number };
  const client = new OpenAiServer({ address: { url: `http://127.0.0.1:${port}` } });
  context.after(() => client.close());
  await assert.rejects(client.probe(), { reason: "unsupported-model", message: /lists no models/ });
});
