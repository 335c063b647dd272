import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { CHAT_TEMPLATES, renderChat, stopsOf, templateOf, withoutEnd } from "./chat-template.ts";

const chat = { system: "You tidy.", user: "A wolf." };

/** As the model cards have them, without the marks that the tokenizers put in front themselves. */
const DOCUMENTED = {
  chatml:
    "<|im_start|>system\nYou tidy.<|im_end|>\n<|im_start|>user\nA wolf.<|im_end|>\n<|im_start|>assistant\n",
  "llama-3":
    "<|start_header_id|>system<|end_header_id|>\n\nYou tidy.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nA wolf.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  "yi-1.5": "You tidy.<|im_start|>user\nA wolf.<|im_end|>\n<|im_start|>assistant\n",
  "glm-4": "<|system|>\nYou tidy.<|user|>\nA wolf.<|assistant|>\n",
} as const;

for (const template of CHAT_TEMPLATES) {
  test(`${template} is written as its model card has it`, () => {
    assert.equal(renderChat(template, chat), DOCUMENTED[template]);
    const [end = ""] = stopsOf(template);
    assert.equal(withoutEnd(template, ` the answer${end}and what a server lets through `), "the answer");
  });
}

const PROFILES = fileURLToPath(new URL("../../../../deploy/triton/profiles", import.meta.url));

for (const [template, profile] of [
  ["chatml", "bases/chatml"],
  ["llama-3", "llama-3-8b-instruct-bf16"],
  ["yi-1.5", "yi-1.5-9b-chat-bf16"],
  ["glm-4", "glm-4-9b-chat-bf16"],
] as const) {
  test(`${template} is what the profile of its model says`, async () => {
    const [, told = '""'] =
      /^ {2}template: (".*")$/m.exec(await readFile(`${PROFILES}/${profile}.yaml`, "utf8")) ?? [];
    assert.equal(renderChat(template, { system: "{system}", user: "{user}" }), JSON.parse(told));
  });
}

test("a picture stands before the words, and only where there is a place for it", () => {
  assert.match(
    renderChat("chatml", { ...chat, picture: true }),
    /user\n<\|vision_start\|><\|image_pad\|><\|vision_end\|>A wolf\./,
  );
  assert.throws(() => renderChat("llama-3", { ...chat, picture: true }), /no place for a picture/);
});

test("a model's name tells its template", () => {
  const templates = {
    qwen2_text: "chatml",
    "Qwen1.5-7B-Chat": "chatml",
    "meta-llama-3-8b-instruct": "llama-3",
    llama_3_8b: "llama-3",
    "Yi-1.5-9B-Chat": "yi-1.5",
    yi_1_5_9b_chat: "yi-1.5",
    "glm-4-9b-chat": "glm-4",
    glm4: "glm-4",
  };
  for (const [name, template] of Object.entries(templates)) assert.equal(templateOf(name), template, name);
});
