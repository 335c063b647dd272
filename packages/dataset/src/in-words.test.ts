import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { parseMetadataLine } from "./metadata-line.ts";

for (const [what, line, message] of [
  ["a missing field", { file_name: "a.jpg" }, "kind: must be one of character, prop, unknown"],
  ["a missing name of the file", { kind: "prop" }, "file_name: is missing"],
  ["an empty text", { file_name: "", kind: "prop" }, "file_name: must not be empty"],
  [
    "a long text",
    { file_name: "a".repeat(2_000), kind: "prop" },
    "file_name: must have at most 1024 characters",
  ],
  ["a number for a text", { file_name: "a", kind: "unknown", caption: 5 }, "caption: must be a text"],
  [
    "a list for an object",
    { file_name: "a", kind: "unknown", objects: [] },
    "objects: must be an object in braces",
  ],
  [
    "a short list",
    { file_name: "a", kind: "unknown", objects: { bbox: [[1, 2, 3]], categories: ["a"] } },
    "objects.bbox.0: must have at least 4 items",
  ],
  [
    "a box without width",
    { file_name: "a", kind: "unknown", objects: { bbox: [[1, 2, 0, 4]], categories: ["a"] } },
    "objects.bbox.0.2: must be more than 0",
  ],
  ["no object at all", 5, "the line: must be an object in braces"],
] as const) {
  test(`${what} is told with its field and what it should be`, () => {
    assert.throws(
      () => parseMetadataLine(JSON.stringify(line), "metadata.jsonl:3"),
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.message, `metadata.jsonl:3: ${message}`);
        return true;
      },
    );
  });
}
