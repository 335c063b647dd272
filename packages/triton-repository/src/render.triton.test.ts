import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pythonForTests, tritonForTests } from "@followspot/testkit";
import { bytesTensor, inferRequest, outputTensor, TritonClient } from "@followspot/triton";
import { KIND } from "./model-config.ts";
import { listProfiles, readProfile } from "./profile.ts";
import { renderModel } from "./render.ts";

const BACKEND = fileURLToPath(new URL("testdata/backends/vllm", import.meta.url));
const environment = await pythonForTests("server");

interface Told {
  readonly arguments: Record<string, unknown>;
  readonly adapters: Record<string, string>;
  readonly parameters: Record<string, { readonly string_value: string }>;
}

test("a real tritonserver loads what is rendered of every profile, and the backend reads what was meant", {
  skip: environment.skip,
}, async (context) => {
  if (!environment.python) return;
  const repository = await mkdtemp(join(tmpdir(), "followspot-rendered-"));
  context.after(() => rm(repository, { recursive: true, force: true }));
  const profiles = [];
  for (const name of await listProfiles()) {
    const profile = await readProfile(name);
    if (profile.runs !== "vllm") continue;
    profiles.push(profile);
    const adapters = name === "qwen2-vl-2b-bf16" ? { show: "/weights/adapters/show" } : {};
    await renderModel({ profile, to: repository, weightsDir: "/weights", name, adapters });
  }
  const server = await tritonForTests(
    { repositories: [repository], models: "all", stub: environment.python, backends: { vllm: BACKEND } },
    context,
  );
  const client = await TritonClient.connect({ address: server.address });
  context.after(() => client.close());
  const call = { signal: new AbortController().signal, deadlineMs: 10_000 };
  for (const { name, engine, container, weights } of profiles) {
    const config = await client.modelConfig(name, { signal: call.signal });
    assert.equal(config.backend, "vllm");
    assert.equal(config.maxBatchSize, 0);
    assert.equal(config.modelTransactionPolicy?.decoupled, true, name);
    assert.equal(config.name, name);
    // What a server makes of the text is what was meant by it: one engine, which chooses its cards.
    assert.deepEqual(
      config.instanceGroup.map(({ count, kind, gpus }) => ({ count, kind, gpus })),
      [{ count: 1, kind: KIND.model, gpus: [] }],
    );
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(config.parameters).map(([key, { stringValue }]) => [key, stringValue]),
      ),
      {
        REPORT_CUSTOM_METRICS: "true",
        ENABLE_VLLM_HEALTH_CHECK: "true",
        FOLLOWSPOT_PROFILE: name,
        FOLLOWSPOT_CONTAINER: container,
        FOLLOWSPOT_CONTEXT_TOKENS: String(engine.max_model_len),
      },
    );
    const request = inferRequest({ model: name, id: name, inputs: [bytesTensor("text_input", ["?"])] });
    const answers: string[] = [];
    for await (const part of client.streamInfer(request, call)) {
      answers.push(...outputTensor(part, { name: "text_output", datatype: "BYTES", shape: [1] }));
    }
    const told = JSON.parse(answers.join("")) as Told;
    const { model, ...rest } = told.arguments;
    assert.equal(model, `/weights/${weights}`);
    const lora = name === "qwen2-vl-2b-bf16";
    assert.deepEqual(rest, {
      ...engine,
      ...(lora && { enable_lora: true, max_loras: 2, max_lora_rank: 32 }),
    });
    assert.deepEqual(told.adapters, lora ? { show: "/weights/adapters/show" } : {});
    assert.equal(told.parameters["FOLLOWSPOT_PROFILE"]?.string_value, name);
  }
});
