import { UserError } from "@followspot/domain";

/** Where a server with OpenAI's API is: `openai:http://host:port/model`. */
export interface OpenAiAddress {
  /** Without the API's own path. */
  readonly url: string;
  /** The first that the server lists, where left out. */
  readonly model?: string;
}

const SCHEME = "openai:";

export function isOpenAiAddress(text: string): boolean {
  return text.startsWith(SCHEME);
}

/** @param where the option or field, for the message @throws UserError */
export function parseOpenAiAddress(text: string, where: string): OpenAiAddress {
  const url = URL.canParse(text.slice(SCHEME.length)) ? new URL(text.slice(SCHEME.length)) : undefined;
  const usable = isOpenAiAddress(text) && url && /^https?:$/.test(url.protocol) && url.hostname !== "";
  // An address ends up in messages and logs: a password in it would, too.
  if (!usable || url.username || url.search || url.hash) {
    throw new UserError(`${where}: it must be openai:http://HOST:PORT, or openai:http://HOST:PORT/MODEL`);
  }
  // Other programs want the API's own path in the address.
  const model = decoded(url.pathname.replace(/^\/(v1(?=\/|$))?\/?|\/$/g, ""));
  return { url: url.origin, ...(model && { model }) };
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
