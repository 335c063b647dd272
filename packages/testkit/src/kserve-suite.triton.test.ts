import { STAND_IN_MODELS } from "@followspot/triton-server";
import sharp from "sharp";
import { kserveSuite } from "./kserve-suite.ts";
import { pythonForTests, tritonForTests } from "./triton-for-tests.ts";

const { python, skip } = await pythonForTests("server");
const triton = python && (await tritonForTests({ repositories: [STAND_IN_MODELS], stub: python }));
const address = triton?.address ?? "";
const jpeg = await sharp({ create: { width: 56, height: 56, channels: 3, background: "orange" } })
  .jpeg()
  .toBuffer();
const labels = ["wolf", "hood"];

kserveSuite("real Triton, scores", {
  contract: "scores",
  skip,
  open: async () => ({ address, model: "scores", jpeg, labels }),
});

kserveSuite("real Triton, scores in batches", {
  contract: "scores",
  skip,
  open: async () => ({ address, model: "scores_batched", jpeg, labels, batched: true }),
});

kserveSuite("real Triton, vllm", {
  contract: "vllm",
  skip,
  open: async () => ({ address, model: "vllm", slowModel: "vllm_slow", obeysSampling: true, jpeg }),
});
