import { UserError } from "@followspot/domain";
import { detectContract, InferenceError, TritonClient } from "@followspot/triton";
import { LanguageEngine } from "@followspot/vision-language";
import { type ChatTemplate } from "../chat/chat-template.ts";
import { tritonWriter } from "./triton-writer.ts";
import type { WritingModel } from "./writing-model.ts";

export interface WriterPlace {
  /** grpc://host:port or grpcs://host:port */
  readonly address: string;
  readonly model: string;
}

const RULE = "grpc://HOST:PORT/MODEL, as grpc://127.0.0.1:8001/qwen2_text";
const CHECK_DEADLINE_MS = 10_000;

/** @throws UserError naming `option` where the text is no address with a model. */
export function parseWriterPlace(text: string, option: string): WriterPlace {
  const [, address, model] = /^(grpcs?:\/\/[^/\s]+:\d+)\/([^/\s]+)$/.exec(text) ?? [];
  if (address && model) return { address, model };
  throw new UserError(`${option} must be ${RULE}, and is ${JSON.stringify(text)}`);
}

export interface OpenWriterOptions {
  /** What the person gave, for messages. */
  readonly option: string;
  readonly signal?: AbortSignal | undefined;
  /** The conversation's format; by the model's name where left out. */
  readonly template?: ChatTemplate | undefined;
}

const NEVER = new AbortController().signal;

/** Finds the model and how it takes questions. @throws UserError where it cannot be asked, naming `option`. */
export async function openWriter(
  { address, model }: WriterPlace,
  { option, signal = NEVER, template }: OpenWriterOptions,
): Promise<WritingModel> {
  const client = await TritonClient.connect({ address });
  const call = { deadlineMs: CHECK_DEADLINE_MS, signal };
  try {
    const [ready, metadata, config] = await Promise.all([
      client.modelReady(model, call),
      client.modelMetadata(model, call),
      client.modelConfig(model, call),
    ]);
    if (!ready) throw new InferenceError("model-unavailable", `model "${model}" is not ready`);
    if (detectContract(metadata, config) !== "vllm") {
      throw new UserError(
        `${option}: model "${model}" at ${client.address} gives scores and cannot write: name one of Triton's vLLM backend, ${RULE}`,
      );
    }
    return tritonWriter({
      client,
      engine: await LanguageEngine.open({ client, model }, signal, metadata),
      template,
      version: metadata.versions.at(-1),
      contextTokens: wholeNumber(config.parameters.max_model_len?.stringValue),
    });
  } catch (error) {
    await client.close();
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    const failure = InferenceError.from(error);
    throw new UserError(`${option}: ${describe(failure, { address: client.address, model })}`, {
      cause: failure,
    });
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function describe({ reason, message }: InferenceError, { address, model }: WriterPlace): string {
  if (reason === "unavailable" || reason === "deadline-exceeded") {
    return `no model server answers at ${address}: start it, or correct the address`;
  }
  if (reason === "model-unavailable") {
    return `the server at ${address} has no model "${model}" ready: load it there, or correct the name`;
  }
  return message;
}
