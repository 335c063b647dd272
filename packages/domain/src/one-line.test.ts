import assert from "node:assert/strict";
import { test } from "node:test";
import { oneLine } from "./one-line.ts";

test("what is quoted from a file stays one line, and what would act on a terminal is only named", () => {
  assert.equal(oneLine("mix\ng: \u001b[31mred\u202e"), "mix\\u000ag: \\u001b[31mred\\u202e");
  assert.equal(oneLine("größer, 狼 🐺"), "größer, 狼 🐺");
});
