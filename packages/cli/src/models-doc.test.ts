import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { listProfiles, readProfile } from "@followspot/triton-repository";
import { MODEL_SHEETS } from "@followspot/vision-language/model-sheets";
import { modelsDoc } from "./models-doc.ts";

const FILE = new URL("../../../docs/models.md", import.meta.url);

async function allProfiles() {
  return await Promise.all((await listProfiles()).map((name) => readProfile(name)));
}

test("docs/models.md says what the model sheets and the value files say", async () => {
  assert.equal(
    await readFile(FILE, "utf8"),
    modelsDoc(MODEL_SHEETS, await allProfiles()),
    "docs/models.md is out of date: npx followspot triton models > docs/models.md",
  );
});

test("every value file has its sheet, of the right kind", async () => {
  for (const profile of await allProfiles()) {
    const sheet = MODEL_SHEETS.find(({ id }) => id === profile.sheet);
    assert.ok(sheet, `profile ${profile.name} names the sheet "${profile.sheet}", which is not there`);
    assert.equal(sheet.kind, profile.model === "qwen2_text" ? "text" : "vision-language", profile.name);
  }
});
