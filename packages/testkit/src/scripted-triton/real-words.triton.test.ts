import assert from "node:assert/strict";
import { after, test } from "node:test";
import { STAND_IN_MODELS } from "@followspot/triton-server";
import {
  comparable,
  ODD_CONTROLS,
  ODD_INFERENCES,
  OddClient,
  SCORES_MODEL,
  VLLM_MODEL,
} from "../odd-requests.ts";
import { pythonForTests, tritonForTests } from "../triton-for-tests.ts";
import { ScriptedTriton } from "./scripted-triton.ts";

const { python, skip } = await pythonForTests("server");
const OWN_LABELS = ["wolf", "hood", "grandmother"];

const real =
  python &&
  (await tritonForTests({
    repositories: [STAND_IN_MODELS],
    models: [SCORES_MODEL, VLLM_MODEL],
    stub: python,
  }));
const scripted = await ScriptedTriton.start({
  models: [
    {
      name: SCORES_MODEL,
      answer: ({ labels }) => ({
        labels: (labels.length > 0 ? labels : OWN_LABELS).map((label) => ({ label, score: 0.5 })),
      }),
    },
    {
      name: VLLM_MODEL,
      contract: "vllm",
      adapters: ["show"],
      structuredKey: "structured_outputs",
      texts: () => ["Somebody", " stands"],
    },
  ],
});
const askReal = new OddClient(real?.address ?? scripted.address);
const askScripted = new OddClient(scripted.address);

after(async () => {
  askReal.close();
  askScripted.close();
  await scripted.close();
});

test("the scripted Triton answers and refuses odd requests in the words of the real one", {
  skip,
}, async (t) => {
  for (const [name, message] of Object.entries(ODD_INFERENCES)) {
    await t.test(name, async () => {
      const unary = await askReal.infer(message);
      assert.equal(comparable(await askScripted.infer(message)), comparable(unary), "by ModelInfer");
      const stream = await askReal.stream(message);
      assert.equal(comparable(await askScripted.stream(message)), comparable(stream), "by ModelStreamInfer");
    });
  }
  for (const name of Object.keys(ODD_CONTROLS) as (keyof typeof ODD_CONTROLS)[]) {
    await t.test(name, async () => {
      assert.equal(await askScripted.control(name), await askReal.control(name));
    });
  }
  assert.ok(real?.running, "and none of them harms the server");
});

test("a request that is refused for its size, and one that is not, are the same to both", {
  skip,
}, async () => {
  const [tensor] = ODD_INFERENCES["as it should be"]?.inputs ?? [];
  for (const size of [5 * 1024 * 1024, 40 * 1024 * 1024]) {
    const picture = Buffer.alloc(size + 4, 0xff);
    picture.writeUInt32LE(size);
    picture[5] = 0xd8;
    const message = {
      modelName: SCORES_MODEL,
      inputs: tensor ? [tensor] : [],
      rawInputContents: [picture],
    };
    const said = await askReal.infer(message);
    assert.match(said, /^OK/);
    assert.equal(await askScripted.infer(message), said);
  }
});
