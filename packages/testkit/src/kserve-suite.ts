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
    run: async (client, { model, jpeg, labels }) => {
      const response = await client.infer(scoresRequest({ model, id: "a picture", jpeg, labels }), CALL);
      assert.equal(response.id, "a picture");
      assert.equal(response.modelName, model);
      assert.equal(response.rawOutputContents.length, response.outputs.length);
      assert.ok(parseScores(response, { asked: labels }).labels.length > 0, "something is scored");
    },
  },
  {
    name: "only labels that were asked for are answered",
    contract: "scores",
    run: async (client, { model, jpeg, labels }) => {
      const all =
        labels ??
        parseScores(await client.infer(scoresRequest({ model, id: "1", jpeg }), CALL)).labels.map(toLabel);
      const [last = ""] = all.slice(-1);
      const answer = parseScores(
        await client.infer(scoresRequest({ model, id: "2", jpeg, labels: [last] }), CALL),
        { asked: [last] },
      );
      assert.deepEqual(answer.labels.map(toLabel), [last]);
    },
  },
  {
    name: "an answer has only the outputs that were asked for",
    contract: "scores",
    run: async (client, { model, jpeg, labels = [] }) => {
      const inputs = [
        bytesTensor("image", [jpeg]),
        ...(labels.length ? [bytesTensor("labels", labels)] : []),
      ];
      const response = await client.infer(
        inferRequest({ model, id: "1", inputs, outputs: ["unknown"] }),
        CALL,
      );
      assert.deepEqual(
        response.outputs.map(({ name }) => name),
        ["unknown"],
      );
      outputTensor(response, { name: "unknown", datatype: "FP32", shape: [1] });
    },
  },
  {
    name: "inputs of another type, shape, name or number are refused",
    contract: "scores",
    run: async (client, { model, jpeg }) => {
      const image = bytesTensor("image", [jpeg]);
      const wrong: Record<string, InputTensor[]> = {
        type: [{ ...image, datatype: "FP32", raw: encodeFp32([1]) }],
        shape: [{ ...image, shape: [1, 1] }],
        name: [image, bytesTensor("picture", [jpeg])],
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
    run: async (client, { model, jpeg }) => {
      const garbage = inferRequest({
        model,
        id: "1",
        inputs: [bytesTensor("image", ["this is no picture"])],
      });
      // A stand-in decodes nothing, so an answer is allowed; a hang or a crash is not.
      await client
        .infer(garbage, CALL)
        .catch((error: unknown) => assertReason(error, ["rejected", "failed"]));
      const nothing = inferRequest({ model, id: "2", inputs: [bytesTensor("labels", ["somebody"])] });
      await refused(client.infer(nothing, CALL), ["rejected", "failed"]);
      await client.infer(scoresRequest({ model, id: "3", jpeg }), CALL);
    },
  },
  {
    name: "a request of 5 MiB is not refused for its size",
    contract: "scores",
    run: async (client, { model }) => {
      const request = scoresRequest({ model, id: "1", jpeg: new Uint8Array(5 * 1024 * 1024) });
      await client
        .infer(request, CALL)
        .catch((error: unknown) => assertReason(error, ["rejected", "failed"]));
    },
  },
  {
    name: "requests at the same time get each their own answer",
    contract: "scores",
    run: async (client, { model, jpeg, labels }) => {
      const ids = Array.from({ length: 8 }, (_, index) => `at once ${index}`);
      const answers = await Promise.all(
        ids.map((id) => client.infer(scoresRequest({ model, id, jpeg, labels }), CALL)),
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
    run: async (client, { model, jpeg, labels }) => {
      const giveUp = new AbortController();
      const request = scoresRequest({ model, id: "given up", jpeg, labels });
      const call = client.infer(request, { ...CALL, signal: giveUp.signal });
      setImmediate(() => giveUp.abort());
      await call.catch((error: unknown) => assertReason(error, ["canceled"]));
      assert.equal((await client.infer(scoresRequest({ model, id: "next", jpeg, labels }), CALL)).id, "next");
    },
  },
  {
    name: "a model that is not decoupled answers on a stream too, once",
    contract: "scores",
    run: async (client, { model, jpeg, labels }) => {
      const answers = await collect(
        client.streamInfer(scoresRequest({ model, id: "stream", jpeg, labels }), CALL),
      );
      assert.equal(answers.length, 1);
      for (const answer of answers) parseScores(answer, { asked: labels });
    },
  },
  {
    name: "the statistics count each inference",
    contract: "scores",
    run: async (client, { model, jpeg, labels }) => {
      const before = await countOf(client, model);
      await client.infer(scoresRequest({ model, id: "1", jpeg, labels }), CALL);
      assert.ok((await countOf(client, model)) > before, "the count has grown");
    },
  },
  {
    name: "a decoupled model refuses a unary call",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const error = await refused(client.infer(vllmRequest(model, jpeg), CALL), ["rejected"]);
      assert.match(error.message, /ModelInfer RPC doesn't support models with decoupled transaction policy/);
    },
  },
  {
    name: "a decoupled model answers on a stream, up to the final response",
    contract: "vllm",
    run: async (client, { model, jpeg }) => {
      const answers = await collect(client.streamInfer(vllmRequest(model, jpeg), CALL));
      assert.ok(answers.length > 0, "at least one part came");
      for (const answer of answers)
        outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [undefined] });
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

function vllmRequest(model: string, jpeg: Uint8Array) {
  const inputs: InputTensor[] = [
    bytesTensor("text_input", ["Who is in the picture?"]),
    bytesTensor("image", [Buffer.from(jpeg).toString("base64")]),
    bytesTensor("sampling_parameters", [JSON.stringify({ temperature: 0, max_tokens: 8 })]),
    { name: "exclude_input_in_output", datatype: "BOOL", shape: [1], raw: Uint8Array.of(1) },
  ];
  return inferRequest({
    model,
    id: "text",
    inputs,
    parameters: { triton_enable_empty_final_response: true },
  });
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
