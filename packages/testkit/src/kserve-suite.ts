import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelInferResponse } from "@followspot/schema/inference/grpc_service";
import {
  bytesTensor,
  detectContract,
  encodeFp32,
  identityOf,
  InferenceError,
  type InferenceErrorReason,
  type InputTensor,
  inferRequest,
  type ModelContract,
  outputTensor,
  parseScores,
  scoresParts,
  scoresRequest,
  TritonClient,
} from "@followspot/triton";

/** A server to be held against the protocol. */
export interface KserveTarget {
  readonly address: string;
  readonly model: string;
  /** A picture that the model can read. */
  readonly jpeg: Uint8Array;
  /** Labels that the model knows, two at least. Its own where left out. */
  readonly labels?: readonly string[];
  /** False where the server does not load and unload models on request. */
  readonly explicitControl?: boolean;
  /** `scores`: every tensor has a batch dimension. */
  readonly batched?: boolean;
  /** `vllm`: another model of the server, which takes some 20 ms for each token. What needs it is left out without. */
  readonly slowModel?: string;
  /** `vllm`: whether the answer follows `sampling_parameters`: its length, its choices, its log probabilities. */
  readonly obeysSampling?: boolean;
}

export interface KserveCheck {
  readonly name: string;
  /** Checks of both contracts where left out. */
  readonly contract?: ModelContract;
  readonly run: (client: TritonClient, target: KserveTarget) => Promise<void>;
}

const DEADLINE_MS = 30_000;
const CALL = { deadlineMs: DEADLINE_MS };
const NOBODY = "no-such-model";

/**
 * Registers one test for each check. The same list holds for the scripted Triton, the understudy and a real
 * tritonserver: what one of them does otherwise is a bug in it, or in the list.
 */
export function kserveSuite(
  name: string,
  {
    open,
    contract,
    skip = false,
  }: { open: () => Promise<KserveTarget>; contract: ModelContract; skip?: string | false },
): void {
  for (const check of KSERVE_CHECKS.filter((check) => (check.contract ?? contract) === contract)) {
    test(`${name}: ${check.name}`, { skip }, async () => {
      const target = await open();
      const client = await TritonClient.connect({ address: target.address });
      try {
        await check.run(client, target);
      } finally {
        await client.close();
      }
    });
  }
}

export const KSERVE_CHECKS: readonly KserveCheck[] = [
  {
    name: "the server is live and ready and says what it is",
    run: async (client) => {
      assert.equal(await client.live(), true);
      assert.equal(await client.ready(), true);
      const { name, version, extensions } = await client.serverMetadata();
      assert.ok(name && version, "the server has a name and a version");
      assert.ok(extensions.includes("model_repository") && extensions.includes("statistics"));
    },
  },
  {
    name: "a model that is there is ready, one that is not is not",
    run: async (client, { model }) => {
      assert.equal(await client.modelReady(model), true);
      assert.equal(await client.modelReady(NOBODY), false);
    },
  },
  {
    name: "metadata and configuration name the same tensors, of one contract",
    run: async (client, { model }) => {
      const [metadata, config] = await Promise.all([client.modelMetadata(model), client.modelConfig(model)]);
      assert.equal(metadata.name, model);
      assert.equal(config.name, model);
      assert.deepEqual(
        metadata.inputs.map(({ name }) => name).sort(),
        config.input.map(({ name }) => name).sort(),
      );
      assert.deepEqual(
        metadata.outputs.map(({ name }) => name).sort(),
        config.output.map(({ name }) => name).sort(),
      );
      detectContract(metadata, config);
    },
  },
  {
    name: "everything about an unknown model is refused as not found",
    run: async (client, { jpeg }) => {
      await refused(client.modelMetadata(NOBODY), ["model-unavailable"]);
      await refused(client.modelConfig(NOBODY), ["model-unavailable"]);
      const request = scoresRequest({ model: NOBODY, id: "1", jpeg });
      await refused(client.infer(request, CALL), ["model-unavailable"]);
      await refused(collect(client.streamInfer(request, CALL)), ["model-unavailable"]);
    },
  },
  {
    name: "the repository lists the model as ready",
    run: async (client, { model }) => {
      const { models } = await client.repositoryIndex();
      assert.equal(models.find(({ name }) => name === model)?.state, "READY");
    },
  },
  {
    name: "the model says which version, rung and accuracy it is",
    contract: "scores",
    run: async (client, { model }) => {
      identityOf(model, await client.modelConfig(model));
    },
  },
  {
    name: "a picture is answered as the contract says, with the id of the request",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const response = await client.infer(
        scoresRequest({ model, id: "a picture", jpeg, labels, batched }),
        CALL,
      );
      assert.equal(response.id, "a picture");
      assert.equal(response.modelName, model);
      assert.equal(response.rawOutputContents.length, response.outputs.length);
      assert.ok(parseScores(response, { asked: labels, batched }).labels.length > 0, "something is scored");
    },
  },
  {
    name: "only labels that were asked for are answered",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const ask = async (asked?: readonly string[]) => {
        const request = scoresRequest({ model, id: "1", jpeg, labels: asked, batched });
        return parseScores(await client.infer(request, CALL), { asked, batched });
      };
      const all = labels ?? (await ask()).labels.map(toLabel);
      const [last = ""] = all.slice(-1);
      const answer = await ask([last]);
      assert.deepEqual(answer.labels.map(toLabel), [last]);
    },
  },
  {
    name: "an answer has only the outputs that were asked for",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const parts = scoresParts({ model, id: "1", jpeg, labels, batched });
      const response = await client.infer({ ...parts, outputs: ["unknown"] }, CALL);
      assert.deepEqual(
        response.outputs.map(({ name }) => name),
        ["unknown"],
      );
      outputTensor(response, { name: "unknown", datatype: "FP32", shape: batched ? [1, 1] : [1] });
    },
  },
  {
    name: "inputs of another type, shape, name or number are refused",
    contract: "scores",
    run: async (client, { model, jpeg, batched }) => {
      const [image] = scoresParts({ model, id: "1", jpeg, batched }).inputs;
      assert.ok(image);
      const wrong: Record<string, InputTensor[]> = {
        type: [{ ...image, datatype: "FP32", raw: encodeFp32([1]) }],
        shape: [{ ...image, shape: batched ? [1] : [1, 1] }],
        name: [image, { ...image, name: "picture" }],
        number: [],
      };
      for (const [what, inputs] of Object.entries(wrong)) {
        await refused(client.infer(inferRequest({ model, id: what, inputs }), CALL), ["rejected"], what);
      }
    },
  },
  {
    name: "what is no picture is refused, and so is no picture at all",
    contract: "scores",
    run: async (client, { model, jpeg, batched }) => {
      const garbage = scoresRequest({ model, id: "1", jpeg: Buffer.from("this is no picture"), batched });
      // A stand-in decodes nothing, so an answer is allowed; a hang or a crash is not.
      await client
        .infer(garbage, CALL)
        .catch((error: unknown) => assertReason(error, ["rejected", "failed"]));
      const parts = scoresParts({ model, id: "2", jpeg, labels: ["somebody"], batched });
      const nothing = { ...parts, inputs: parts.inputs.filter(({ name }) => name !== "image") };
      await refused(client.infer(nothing, CALL), ["rejected", "failed"]);
      await client.infer(scoresRequest({ model, id: "3", jpeg, batched }), CALL);
    },
  },
  {
    name: "a request of 5 MiB is not refused for its size",
    contract: "scores",
    run: async (client, { model, batched }) => {
      const request = scoresRequest({ model, id: "1", jpeg: new Uint8Array(5 * 1024 * 1024), batched });
      await client
        .infer(request, CALL)
        .catch((error: unknown) => assertReason(error, ["rejected", "failed"]));
    },
  },
  {
    name: "requests at the same time get each their own answer",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const ids = Array.from({ length: 8 }, (_, index) => `at once ${index}`);
      const answers = await Promise.all(
        ids.map((id) => client.infer(scoresRequest({ model, id, jpeg, labels, batched }), CALL)),
      );
      assert.deepEqual(
        answers.map(({ id }) => id),
        ids,
      );
    },
  },
  {
    name: "a call that was given up does not hurt the next",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const giveUp = new AbortController();
      const request = scoresRequest({ model, id: "given up", jpeg, labels, batched });
      const call = client.infer(request, { ...CALL, signal: giveUp.signal });
      setImmediate(() => giveUp.abort());
      await call.catch((error: unknown) => assertReason(error, ["canceled"]));
      const next = scoresRequest({ model, id: "next", jpeg, labels, batched });
      assert.equal((await client.infer(next, CALL)).id, "next");
    },
  },
  {
    name: "a model that is not decoupled answers on a stream too, once",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const answers = await collect(
        client.streamInfer(scoresRequest({ model, id: "stream", jpeg, labels, batched }), CALL),
      );
      assert.equal(answers.length, 1);
      for (const answer of answers) parseScores(answer, { asked: labels, batched });
    },
  },
  {
    name: "the statistics count each inference",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const before = await countOf(client, model);
      await client.infer(scoresRequest({ model, id: "1", jpeg, labels, batched }), CALL);
      assert.ok((await countOf(client, model)) > before, "the count has grown");
    },
  },
  {
    name: "a parameter that nobody knows is no reason to refuse",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched }) => {
      const parts = scoresParts({ model, id: "1", jpeg, labels, batched, promptVersion: "p1" });
      await client.infer({ ...parts, parameters: { ...parts.parameters, mood: "merry", count: 3n } }, CALL);
    },
  },
  {
    name: "a model that is taken away under load answers or is missing, and nothing hangs",
    contract: "scores",
    run: async (client, { model, jpeg, labels, batched, explicitControl = true }) => {
      if (!explicitControl) return;
      let back = false;
      let answered = 0;
      const asking = Array.from({ length: 4 }, async (_, line) => {
        for (let n = 0; !back; n++) {
          const request = scoresRequest({ model, id: `${line}.${n}`, jpeg, labels, batched });
          await client.infer(request, CALL).then(
            () => answered++,
            (error: unknown) => assertReason(error, ["model-unavailable", "unavailable"]),
          );
        }
      });
      for (let n = 0; n < 200 && answered === 0; n++) await pause();
      await client.unloadModel(model);
      for (let n = 0; n < 200 && (await client.modelReady(model)); n++) await pause();
      await client.loadModel(model);
      back = true;
      await Promise.all(asking);
      assert.ok(answered > 0, "the load was real");
      await client.infer(scoresRequest({ model, id: "after", jpeg, labels, batched }), CALL);
    },
  },
  {
    name: "a decoupled model refuses a unary call",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const error = await refused(client.infer(vllmRequest({ model, jpeg }), CALL), ["rejected"]);
      assert.match(error.message, /ModelInfer RPC doesn't support models with decoupled transaction policy/);
    },
  },
  {
    name: "a decoupled model answers on a stream, up to the final response",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const answers = await collect(client.streamInfer(vllmRequest({ model, jpeg }), CALL));
      assert.ok(answers.length > 0, "at least one part came");
      for (const answer of answers)
        outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [undefined] });
    },
  },
  {
    name: "the prompt comes back in front of the answer, unless it is excluded",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const excluded = await textOf(client, { model, jpeg });
      const whole = await textOf(client, { model, jpeg, without: ["exclude_input_in_output"] });
      assert.ok(!excluded.startsWith(PROMPT));
      assert.ok(whole.startsWith(PROMPT));
    },
  },
  {
    name: "what is asked for besides the text comes with it, and nothing else does",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const names = async (flags: readonly string[]) => {
        const answers = await collect(client.streamInfer(vllmRequest({ model, jpeg, flags }), CALL));
        return answers.map(({ outputs }) => outputs.map(({ name }) => name));
      };
      assert.deepEqual(await names([]), [["text_output"]]);
      assert.deepEqual(await names(["return_finish_reason", "return_num_output_tokens"]), [
        ["text_output", "finish_reason", "num_output_tokens"],
      ]);
      assert.deepEqual(await names(["return_logprobs", "return_num_input_tokens"]), [
        ["text_output", "logprobs", "num_input_tokens"],
      ]);
    },
  },
  {
    name: "a request that the model cannot read is refused in the stream, which ends, and the next one is answered",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const wrong: Record<string, Parameters<typeof vllmRequest>[0]> = {
        "no text": { model, jpeg, without: ["text_input"] },
        "wrong base64": { model, jpeg, images: ["abc"] },
        "a prompt in a stream": { model, jpeg, flags: ["stream"], include: true },
        "no JSON": { model, jpeg, sampling: "{" },
        "no such key": { model, jpeg, sampling: { choices: ["a"] } },
        "an unknown adapter": { model, jpeg, sampling: { lora_name: NOBODY } },
      };
      for (const [what, question] of Object.entries(wrong)) {
        await refused(collect(client.streamInfer(vllmRequest(question), CALL)), ["failed"], what);
        assert.ok((await textOf(client, { model, jpeg })).length > 0, `after ${what}`);
      }
    },
  },
  {
    name: "streams at the same time get each their own answer",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const ids = Array.from({ length: 16 }, (_, index) => `at once ${index}`);
      const answers = await Promise.all(
        ids.map((id) =>
          collect(client.streamInfer(vllmRequest({ model, jpeg, id, flags: ["stream"] }), CALL)),
        ),
      );
      for (const [index, parts] of answers.entries()) {
        assert.ok(parts.length > 0);
        for (const part of parts) assert.equal(part.id, ids[index]);
      }
    },
  },
  {
    name: "the answer has as many parts as tokens where it streams, and is one of the choices that were given",
    contract: "vllm",
    run: async (client, { model, jpeg, obeysSampling = false }) => {
      if (!obeysSampling) return;
      const sampling = { max_tokens: 7, ignore_eos: true, temperature: 0 };
      const parts = await collect(
        client.streamInfer(vllmRequest({ model, jpeg, flags: ["stream"], sampling }), CALL),
      );
      assert.equal(parts.length, 7);
      const choice = ["fox", "bear", "none"];
      const structured = { max_tokens: 16, structured_outputs: JSON.stringify({ choice }) };
      const text = await textOf(client, { model, jpeg, sampling: structured });
      assert.ok(choice.includes(text), `${text} is one of the choices`);
    },
  },
  {
    name: "an answer of more than 4 MiB arrives",
    contract: "vllm",
    run: async (client, { model, jpeg, obeysSampling = false }) => {
      if (!obeysSampling) return;
      const sampling = { max_tokens: 4_096, ignore_eos: true, logprobs: 20 };
      const [answer] = await collect(
        client.streamInfer(vllmRequest({ model, jpeg, flags: ["return_logprobs"], sampling }), CALL),
      );
      assert.ok(answer);
      const [logprobs = ""] = outputTensor(answer, { name: "logprobs", datatype: "BYTES", shape: [1] });
      assert.ok(logprobs.length > 4 * 1024 * 1024, `${logprobs.length} bytes`);
      assert.equal((JSON.parse(logprobs) as unknown[]).length, 4_096);
    },
  },
  {
    name: "a stream that is given up in the middle, or at its deadline, ends at once and hurts no other",
    contract: "vllm",
    run: async (client, { slowModel, jpeg }) => {
      if (slowModel === undefined) return;
      const sampling = { max_tokens: 2_000, ignore_eos: true };
      const endless = () => vllmRequest({ model: slowModel, jpeg, flags: ["stream"], sampling });
      const giveUp = new AbortController();
      const given = collectUntil(client.streamInfer(endless(), { ...CALL, signal: giveUp.signal }), () =>
        giveUp.abort(),
      );
      await refused(given, ["canceled"], "the stream that was given up");
      const beganAtMs = performance.now();
      await refused(collect(client.streamInfer(endless(), { deadlineMs: 300 })), ["deadline-exceeded"]);
      assert.ok(performance.now() - beganAtMs < 5_000, "the deadline was kept");
      // Leaving the loop gives the call up too.
      for await (const part of client.streamInfer(endless(), CALL)) if (part) break;
      const short = { model: slowModel, jpeg, sampling: { max_tokens: 1 } };
      assert.ok((await textOf(client, short)).length > 0, "the next one is answered");
    },
  },
  {
    name: "a model can be unloaded and loaded again",
    run: async (client, { model, explicitControl = true }) => {
      if (!explicitControl) return;
      await client.loadModel(model);
      assert.equal(await client.modelReady(model), true, "loading a loaded model keeps it");
      await client.unloadModel(model);
      try {
        // Unloading answers at once and finishes a little later.
        for (let n = 0; n < 200 && (await client.modelReady(model)); n++) await pause();
        assert.equal(await client.modelReady(model), false, "the model is gone");
        await refused(client.modelMetadata(model), ["model-unavailable"]);
      } finally {
        await client.loadModel(model);
      }
      assert.equal(await client.modelReady(model), true, "the model is back");
      await refused(client.loadModel(NOBODY), ["failed", "rejected", "model-unavailable"]);
    },
  },
];

interface VllmQuestion {
  readonly model: string;
  readonly jpeg: Uint8Array;
  readonly id?: string;
  /** In base64; the picture where left out. */
  readonly images?: readonly string[];
  readonly flags?: readonly string[];
  /** `exclude_input_in_output` is false. */
  readonly include?: boolean;
  readonly sampling?: string | Readonly<Record<string, unknown>>;
  /** Inputs to leave out. */
  readonly without?: readonly string[];
}

const PROMPT = "Who is in the picture?";

function vllmRequest({
  model,
  jpeg,
  id = "text",
  images = [Buffer.from(jpeg).toString("base64")],
  flags = [],
  include = false,
  sampling = { temperature: 0, max_tokens: 8 },
  without = [],
}: VllmQuestion) {
  const flag = (name: string, value: boolean): InputTensor => ({
    name,
    datatype: "BOOL",
    shape: [1],
    raw: Uint8Array.of(Number(value)),
  });
  const inputs: InputTensor[] = [
    bytesTensor("text_input", [PROMPT]),
    bytesTensor("image", images),
    bytesTensor("sampling_parameters", [typeof sampling === "string" ? sampling : JSON.stringify(sampling)]),
    flag("exclude_input_in_output", !include),
    ...flags.map((name) => flag(name, true)),
  ];
  return inferRequest({
    model,
    id,
    inputs: inputs.filter(({ name }) => !without.includes(name)),
    parameters: { triton_enable_empty_final_response: true },
  });
}

async function textOf(client: TritonClient, question: VllmQuestion): Promise<string> {
  const answers = await collect(client.streamInfer(vllmRequest(question), CALL));
  return answers
    .flatMap((answer) => outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [undefined] }))
    .join("");
}

/** Collects, and calls at the first answer. */
async function collectUntil(answers: AsyncIterable<ModelInferResponse>, first: () => void): Promise<void> {
  for await (const answer of answers) if (answer) first();
}

async function countOf(client: TritonClient, model: string): Promise<bigint> {
  const { modelStats } = await client.statistics(model);
  assert.equal(modelStats[0]?.name, model);
  return modelStats[0]?.inferenceStats?.success?.count ?? 0n;
}

async function collect(answers: AsyncIterable<ModelInferResponse>): Promise<ModelInferResponse[]> {
  const all: ModelInferResponse[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

async function refused(
  call: Promise<unknown>,
  reasons: readonly InferenceErrorReason[],
  what?: string,
): Promise<InferenceError> {
  const error: unknown = await call.then(
    () => assert.fail(`${what ?? "the call"} was accepted`),
    (thrown: unknown) => thrown,
  );
  return assertReason(error, reasons);
}

function assertReason(error: unknown, reasons: readonly InferenceErrorReason[]): InferenceError {
  if (!(error instanceof InferenceError)) throw error;
  assert.ok(reasons.includes(error.reason), `${error.message} (expected ${reasons.join(" or ")})`);
  return error;
}

const toLabel = ({ label }: { label: string }) => label;
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
