import assert from "node:assert/strict";
import { test } from "node:test";
import { shortNames } from "./short-names.ts";

const shorten = (...names: string[]) => [...shortNames(names).values()];

test("a served model goes by its name and how it is asked, without what is the same for all", () => {
  assert.deepEqual(
    shorten(
      "current",
      "grpc://gpu:8001/qwen2_vl_scores?maxPixels=23520",
      "grpc://gpu:8001/qwen2_vl?maxPixels=23520&ask=list",
      "openai:http://127.0.0.1:8080/m?maxPixels=23520&ask=score&adapter=fox",
    ),
    ["current", "qwen2_vl_scores", "qwen2_vl (list)", "m (score, adapter fox)"],
  );
  assert.deepEqual(shorten("grpc://gpu:8001/qwen2_vl?ask=list"), ["qwen2_vl (list)"]);
});

test("two that would have one name keep their own", () => {
  const [one, other] = ["grpc://a:8001/m", "grpc://b:8001/m"];
  assert.deepEqual(shorten(one, other, "grpc://b:8001/n"), [one, other, "n"]);
  assert.deepEqual(shorten("openai:http://127.0.0.1:8080", "understudy"), [
    "openai:http://127.0.0.1:8080",
    "understudy",
  ]);
});
