import { after, before } from "node:test";
import { kserveSuite } from "./kserve-suite.ts";
import { ScriptedTriton } from "./scripted-triton/index.ts";

let triton: ScriptedTriton;
before(async () => {
  triton = await ScriptedTriton.start({ models: [{}, { name: "qwen2_vl", contract: "vllm" }] });
});
after(() => triton.close());

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

kserveSuite("scripted Triton, scores", {
  contract: "scores",
  open: async () => ({ address: triton.address, model: "understudy", jpeg, labels: ["wolf", "hood"] }),
});

kserveSuite("scripted Triton, vllm", {
  contract: "vllm",
  open: async () => ({ address: triton.address, model: "qwen2_vl", jpeg }),
});
