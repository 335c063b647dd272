/** How an answer was read, the plainest way first. */
export const READINGS = ["json", "fenced", "mended", "plain"] as const;
export type Reading = (typeof READINGS)[number];

export interface ReadObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly reading: Reading;
}

/** An answer is bounded by its tokens; this is far above. */
const MAX_LENGTH = 20_000;

/**
 * The JSON object in an answer: as it is, within other words or a code fence, or with what models tend to get wrong put
 * right. Undefined where there is none: nothing is guessed.
 */
export function readObject(answer: string): ReadObject | undefined {
  if (answer.length > MAX_LENGTH) return undefined;
  const text = answer.trim();
  const within = objectWithin(text);
  const attempts: readonly (readonly [Reading, string | undefined])[] = [
    ["json", text],
    ["fenced", within],
    ["mended", mended(within ?? text)],
  ];
  for (const [reading, candidate] of attempts) {
    const value = candidate === undefined ? undefined : parseObject(candidate);
    if (value) return { value, reading };
  }
  return undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** From the first brace to the last; to the end where it was cut off. */
function objectWithin(text: string): string | undefined {
  const from = text.indexOf("{");
  if (from < 0) return undefined;
  const to = text.lastIndexOf("}");
  return to > from ? text.slice(from, to + 1) : text.slice(from);
}

/** Line breaks in strings, a comma before the end, quotes of a typesetter around keys, an answer that was cut off. */
function mended(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  const body = text.replaceAll(/[\n\r\t]+/g, " ").replaceAll(/[“”]/g, '"');
  let closed = "";
  let inString = false;
  const open: string[] = [];
  for (let at = 0; at < body.length; at++) {
    const sign = body[at] as string;
    closed += sign;
    if (inString) {
      if (sign === "\\") closed += body[++at] ?? "\\";
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === "{" || sign === "[") open.unshift(sign === "{" ? "}" : "]");
    else if (sign === open[0]) open.shift();
  }
  const end = `${inString ? '"' : ""}${open.join("")}`;
  return `${closed.replace(/,\s*$/, "")}${end}`.replaceAll(/,\s*(?=[\]}])/g, "");
}
