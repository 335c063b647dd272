import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { questionsFile } from "./questions-file.ts";

const FILE = new URL("../../../../deploy/triton/python/followspot_scores/questions.json", import.meta.url);

test("Python asks and trains in the very words in which TypeScript asks", async () => {
  assert.equal(
    await readFile(FILE, "utf8"),
    questionsFile(),
    "questions.json and packages/vision-language/src/prompt differ: write the file anew",
  );
});
