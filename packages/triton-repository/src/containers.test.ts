import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CONTAINERS } from "./containers.ts";
import { engineArguments, isOlder, versionsWith } from "./engine-arguments.ts";
import { listProfiles, readProfile } from "./profile.ts";
import { renderModel } from "./render.ts";

test("every month has one container, with a vLLM whose arguments are known, none older than the one before", () => {
  assert.equal(new Set(CONTAINERS.map(({ tag }) => tag)).size, CONTAINERS.length);
  for (const [at, { tag, argumentsOf }] of CONTAINERS.entries()) {
    assert.ok(engineArguments(argumentsOf).size > 80, tag);
    const before = CONTAINERS[at - 1];
    assert.ok(!before || (before.tag < tag && !isOlder(argumentsOf, before.argumentsOf)), tag);
  }
});

test("arguments came and went as vLLM's releases say", () => {
  const has = (tag: string, name: string): boolean => {
    const found = CONTAINERS.find((one) => one.tag === tag);
    assert.ok(found, tag);
    return engineArguments(found.argumentsOf).has(name);
  };
  // Read in arg_utils.py of these versions.
  for (const [name, before, since] of [
    ["mm_processor_cache_gb", "25.08", "25.09"],
    ["structured_outputs_config", "25.10", "25.11"],
    ["attention_backend", "25.12", "26.01"],
    ["enable_tower_connector_lora", "26.01", "26.02"],
  ] as const) {
    assert.deepEqual([has(before, name), has(since, name)], [false, true], name);
  }
  assert.deepEqual([has("26.03", "swap_space"), has("26.04", "swap_space")], [true, false]);
  assert.deepEqual(versionsWith("toString"), []);
});

test("every profile's arguments are known from 25.09 on, and before but for one", async () => {
  for (const name of await listProfiles()) {
    const { engine } = await readProfile(name);
    for (const { tag, argumentsOf } of CONTAINERS) {
      const known = engineArguments(argumentsOf);
      const strange = Object.keys(engine).filter((key) => !known.has(key));
      const expected = tag < "25.09" && "mm_processor_cache_gb" in engine ? ["mm_processor_cache_gb"] : [];
      assert.deepEqual(strange, expected, `${name} in ${tag}`);
    }
  }
});

test("a model is rendered for another container, unless its vLLM lacks an argument", async (context) => {
  const to = await mkdtemp(join(tmpdir(), "followspot-container-"));
  context.after(() => rm(to, { recursive: true, force: true }));
  const options = { profile: await readProfile("qwen2-vl-2b-bf16"), to, weightsDir: "/weights" };
  await assert.rejects(renderModel({ ...options, container: "25.05" }), {
    name: "UserError",
    message:
      /vLLM 0\.8\.4 \(container 25\.05\) has no mm_processor_cache_gb: .*engine: \{ mm_processor_cache_gb: null \}/,
  });
  await assert.rejects(renderModel({ ...options, container: "24.10" }), {
    name: "UserError",
    message: /^--container: the container "24\.10" is not known here/,
  });
  const { folder } = await renderModel({ ...options, container: "25.10" });
  assert.match(
    await readFile(join(folder, "config.pbtxt"), "utf8"),
    /"FOLLOWSPOT_CONTAINER"\s+value \{\s+string_value: "25\.10"/,
  );
});

test("docs/triton.md has the table of the containers", async () => {
  const page = await readFile(new URL("../../../docs/triton.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| \**(\d\d\.\d\d)\** \| \**([\w.]+)\** \| ([\d.]+) \| `(\w+)` \|$/gm)];
  assert.deepEqual(
    rows.map(([, ...cells]) => cells),
    CONTAINERS.map(({ tag, vllm, driver, constraintKey }) => [tag, vllm, driver, constraintKey]),
  );
});
