import { after, before } from "node:test";
import { kserveSuite } from "./kserve-suite.ts";
import { type ScriptedPart, type ScriptedRequest, ScriptedTriton } from "./scripted-triton/index.ts";

const SLOW_MS = 1_000;

let triton: ScriptedTriton;
before(async () => {
  triton = await ScriptedTriton.start({
    models: [
      {},
      { name: "batched", maxBatchSize: 8 },
      { name: "qwen2_vl", contract: "vllm", adapters: ["show"], texts: obedient },
      // All of its time stands before the first part.
      { name: "slow", contract: "vllm", texts: obedient, slots: 8, serviceMs: serviceMs },
    ],
  });
});
after(() => triton.close());

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
const labels = ["wolf", "hood"];

kserveSuite("scripted Triton, scores", {
  contract: "scores",
  open: async () => ({ address: triton.address, model: "understudy", jpeg, labels }),
});

kserveSuite("scripted Triton, scores in batches", {
  contract: "scores",
  open: async () => ({ address: triton.address, model: "batched", jpeg, labels, batched: true }),
});

kserveSuite("scripted Triton, vllm", {
  contract: "vllm",
  open: async () => ({
    address: triton.address,
    model: "qwen2_vl",
    slowModel: "slow",
    obeysSampling: true,
    jpeg,
  }),
});

interface Sampling {
  readonly max_tokens?: number;
  readonly ignore_eos?: boolean;
  readonly logprobs?: number;
  readonly structured_outputs?: string;
}

function obedient({ sampling }: ScriptedRequest): readonly ScriptedPart[] {
  const { max_tokens = 16, ignore_eos, logprobs, structured_outputs } = JSON.parse(sampling) as Sampling;
  if (structured_outputs) return (JSON.parse(structured_outputs) as { choice: string[] }).choice.slice(-1);
  const text = "tok ";
  const token = logprobs === undefined ? text : { text, logprobs: JSON.stringify([chances(logprobs)]) };
  return Array.from({ length: ignore_eos ? max_tokens : 1 }, () => token);
}

function chances(howMany: number): Record<string, unknown> {
  const entries = Array.from({ length: howMany }, (_, rank) => [
    `${100 + rank}`,
    { logprob: -rank, rank: rank + 1, decoded_token: "tok " },
  ]);
  return Object.fromEntries(entries);
}

function serviceMs({ sampling }: ScriptedRequest): number {
  return (JSON.parse(sampling) as Sampling).ignore_eos ? SLOW_MS : 0;
}
