import { UserError } from "@followspot/domain";
import { isOpenAiAddress, OpenAiServer, parseOpenAiAddress } from "@followspot/openai-server";
import { detectContract, InferenceError, TritonClient } from "@followspot/triton";
import { LanguageEngine } from "@followspot/vision-language";
import type { ChatTemplate } from "../chat/chat-template.ts";
import { openAiWriter } from "./openai-writer.ts";
import { tritonWriter } from "./triton-writer.ts";
import type { WritingModel } from "./writing-model.ts";

/** Where a model that writes is. */
export interface WriterPlace {
  /** grpc://host:port, grpcs://host:port or openai:http://host:port */
  readonly address: string;
  /** Of a server of OpenAI's API empty where it was not named: then the first is asked that the server lists. */
  readonly model: string;
}

const RULE = "grpc://HOST:PORT/MODEL or openai:http://HOST:PORT/MODEL";
/** As `followspot triton render` writes it into config.pbtxt. */
const CONTEXT = "FOLLOWSPOT_CONTEXT_TOKENS";
const CHECK_DEADLINE_MS = 10_000;

/** @throws UserError naming `option` where the text is no address with a model. */
export function parseWriterPlace(text: string, option: string): WriterPlace {
  if (isOpenAiAddress(text)) {
    const { url, model = "" } = parseOpenAiAddress(text, option);
    return { address: `openai:${url}`, model };
  }
  const [, address, model] = /^(grpcs?:\/\/[^/\s]+:\d+)\/([^/\s]+)$/.exec(text) ?? [];
  if (address && model) return { address, model };
  throw new UserError(
    `${option} must be ${RULE}, as grpc://127.0.0.1:8001/${option === "--vision" ? "qwen2_vl" : "qwen2_text"}, and is ${JSON.stringify(text)}`,
  );
}

export interface OpenWriterOptions {
  /** What the person gave, for messages. */
  readonly option: string;
  readonly signal?: AbortSignal | undefined;
  /** The conversation's format; by the model's name where left out. A server of OpenAI's API has its own. */
  readonly template?: ChatTemplate | undefined;
}

const NEVER = new AbortController().signal;

/** Finds the model and how it takes questions. @throws UserError where it cannot be asked, naming `option`. */
export async function openWriter(place: WriterPlace, options: OpenWriterOptions): Promise<WritingModel> {
  return await (isOpenAiAddress(place.address) ? openOpenAi : openTriton)(place, options);
}

async function openOpenAi(
  { address, model }: WriterPlace,
  { option, signal = NEVER }: OpenWriterOptions,
): Promise<WritingModel> {
  const { url } = parseOpenAiAddress(address, option);
  const server = new OpenAiServer({ address: { url, ...(model && { model }) } });
  try {
    return openAiWriter(server, await server.probe({ signal, deadlineMs: CHECK_DEADLINE_MS }));
  } catch (error) {
    await server.close();
    signal.throwIfAborted();
    throw refusal(error, { option, address: server.address, model });
  }
}

async function openTriton(
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
      contextTokens: wholeNumber(config.parameters[CONTEXT]?.stringValue),
    });
  } catch (error) {
    await client.close();
    signal.throwIfAborted();
    throw refusal(error, { option, address: client.address, model });
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function refusal(
  error: unknown,
  { option, address, model }: { readonly option: string; readonly address: string; readonly model: string },
): UserError {
  if (error instanceof UserError) return error;
  const failure = InferenceError.from(error);
  return new UserError(`${option}: ${describe(failure, { address, model })}`, { cause: failure });
}

function describe({ reason, message }: InferenceError, { address, model }: WriterPlace): string {
  if (reason === "unavailable" || reason === "deadline-exceeded") {
    return `no model server answers at ${address}: start it, or correct the address`;
  }
  if (reason === "model-unavailable" && model !== "") {
    return `the server at ${address} has no model "${model}" ready: load it there, or correct the name`;
  }
  return message;
}
