import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { formatModelConfig, KIND, parseModelConfig } from "./model-config.ts";

const DEPLOYED = fileURLToPath(new URL("../../../deploy/triton/models", import.meta.url));

test("the configurations of all models that we ship can be read, and name a backend", async () => {
  const read: string[] = [];
  for await (const file of glob(`${DEPLOYED}/*/config.pbtxt`)) {
    const { backend } = parseModelConfig(await readFile(file, "utf8"), file);
    assert.ok(backend === "vllm" || backend === "python", file);
    read.push(file);
  }
  assert.ok(read.length >= 2, read.join());
});

test("what is written can be read again, with what a terminal would not show", () => {
  const config = {
    name: "qwen2_vl",
    backend: "vllm",
    max_batch_size: 8,
    instance_group: [{ count: 1, kind: KIND.gpu, gpus: [1] }],
    parameters: { "a b": { string_value: 'tab\t, "quotes", \\, ä, \u{1f98a} and\nlines' } },
  };
  const again = parseModelConfig(formatModelConfig(config, ["a comment", "", "of lines"]), "config.pbtxt");
  // JSON says the name of an enum's value, and leaves out what is empty.
  const groups = [{ count: 1, kind: "KIND_GPU", gpus: [1] }];
  assert.deepEqual(JSON.parse(JSON.stringify(again)), { ...config, instance_group: groups });
});

for (const [what, text, message] of [
  ["an unknown field", 'name: "a"\n\nbackedn: "vllm"\n', /^f:3: .*unknown field 'backedn'$/],
  [
    "a word where a number belongs",
    'name: "a"\nmax_batch_size: many\nbackend: "vllm"',
    /^f:2: integer value expected$/,
  ],
  [
    "an unknown kind",
    'backend: "vllm"\ninstance_group [\n  { kind: KIND_CARD }\n]\n',
    /^f:3: .*enum value expected$/,
  ],
  [
    "a field that is there twice",
    'name: "a"\nbackend: "b"\nname: "c"\nmax_batch_size: 1',
    /^f:3: .*multiple values$/,
  ],
  ["a string without an end", 'name: "a"\nbackend: "vllm\n', /^f:2: illegal string$/],
  ["a bracket that is not closed", 'name: "a"\nparameters { key: "x"\n', /^f:3: expected '\}'$/],
  ["a number that is too large", "\n\nmax_batch_size: 99999999999", /^f:3: integer value out of range$/],
] as const) {
  test(`${what} is refused with its line`, () => {
    assert.throws(
      () => parseModelConfig(text, "f"),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });
}

test("whatever stands in a config.pbtxt, it is read or refused with a line", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "name",
      "backend",
      "parameters",
      "instance_group",
      "kind",
      "KIND_GPU",
      "key",
      "value",
      "string_value",
    ),
    fc.constantFrom(
      ":",
      "{",
      "}",
      "[",
      "]",
      "<",
      ">",
      ",",
      ";",
      "-",
      "#",
      "\n",
      " ",
      '"',
      "'",
      "\\",
      "1",
      "-1",
      "0x",
      "1e9",
      "inf",
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        parseModelConfig(pieces.join(" "), "f");
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, /^f:\d+: ./);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a long text that is wrong at its end is refused soon, with its line and few words", () => {
  const parameter = 'parameters { key: "a" value { string_value: "b" } }\n';
  const startedMs = performance.now();
  assert.throws(
    () => parseModelConfig(`${parameter.repeat(15_000)}${"x".repeat(200_000)}: 1`, "f"),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^f:15001: /);
      return error.message.length < 300;
    },
  );
  // One by one, the beginnings of these lines take many minutes.
  assert.ok(performance.now() - startedMs < 30_000);
});
