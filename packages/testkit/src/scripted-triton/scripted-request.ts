import { decodeBytes, decodeStrings, elementsOf } from "@followspot/triton";
import { refusedByModel } from "./grpc-failure.ts";
import type { ReceivedRequest } from "./received-request.ts";

/** What a script sees of a request, of either contract. */
export interface ScriptedRequest {
  readonly id: string;
  /** Counts from 1 over all requests to the model. */
  readonly number: number;
  /** The first picture: a JPEG (`scores`) or its base64 text as bytes (`vllm`). Empty where there was none. */
  readonly image: Uint8Array;
  /** The closed set that was asked for; empty where none was. */
  readonly labels: readonly string[];
  /** `prompt` or `text_input`; empty where there was none. */
  readonly prompt: string;
  /** Every picture, as `image` is the first. */
  readonly images: readonly Uint8Array[];
  /** `sampling_parameters` as it was sent, JSON in words; empty where there was none. */
  readonly sampling: string;
  /** The request's parameters that scripts may look at: `boxes`, `adapter`, `prompt_version` and the like. */
  readonly parameters: Readonly<Record<string, string | boolean>>;
  /** Names of the BOOL inputs that were set. */
  readonly flags: ReadonlySet<string>;
}

/** @throws GrpcFailure as a model does that cannot read its input */
export function readRequest(request: ReceivedRequest, number: number): ScriptedRequest {
  const input = (name: string) => request.inputs.find((given) => given.name === name);
  const bytes = (name: string) => {
    const given = input(name);
    return given ? decodeBytes(given.raw, elementsOf(given.shape)) : [];
  };
  const strings = (name: string) => {
    const given = input(name);
    return given ? decodeStrings(given.raw, elementsOf(given.shape)) : [];
  };
  try {
    const images = bytes("image");
    return {
      id: request.id,
      number,
      image: images[0] ?? new Uint8Array(),
      images,
      labels: strings("labels"),
      prompt: (input("prompt") ? strings("prompt") : strings("text_input"))[0] ?? "",
      sampling: strings("sampling_parameters")[0] ?? "",
      parameters: Object.fromEntries(
        Object.entries(request.parameters).flatMap(
          ([
            name,
            {
              parameterChoice: { value },
            },
          ]) => (typeof value === "string" || typeof value === "boolean" ? [[name, value]] : []),
        ),
      ),
      flags: new Set(
        request.inputs.flatMap(({ name, datatype, raw }) => (datatype === "BOOL" && raw[0] ? [name] : [])),
      ),
    };
  } catch (error) {
    throw refusedByModel(String(error));
  }
}
