import { detectContract, InferenceError, identityOf, TritonClient } from "@followspot/triton";
import { type CheckResult, missing, ok } from "./check.ts";

const WITHIN_MS = 3_000;

/** Whether the show's Triton is there, has the model ready, and in a form in which it can be asked. */
export async function checkTriton(address: string, model: string): Promise<CheckResult> {
  let client: TritonClient | undefined;
  try {
    client = await TritonClient.connect({ address });
    const call = { deadlineMs: WITHIN_MS };
    if (!(await client.modelReady(model, call))) {
      const advice = "look into Triton's log for the reason, or correct recognizer.model in show.yaml";
      return missing("triton", `${address} answers, but ${model} is not ready`, advice);
    }
    const [metadata, config] = await Promise.all([
      client.modelMetadata(model, call),
      client.modelConfig(model, call),
    ]);
    const contract = detectContract(metadata, config);
    const version = contract === "scores" ? `, version ${identityOf(model, config).version}` : "";
    return ok("triton", `${address} serves ${model}, asked by ${contract}${version}`);
  } catch (error) {
    const unusable = error instanceof InferenceError && error.reason === "unsupported-model";
    const advice = unusable
      ? "serve a model of deploy/triton; docs/triton.md says how"
      : "start Triton, or correct recognizer.triton in show.yaml";
    return missing("triton", `${address}: ${error instanceof Error ? error.message : String(error)}`, advice);
  } finally {
    await client?.close();
  }
}
