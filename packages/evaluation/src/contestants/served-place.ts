import { UserError } from "@followspot/domain";
import { MODEL_FAMILIES, type ModelFamily, WAYS_TO_ASK, type WayToAsk } from "@followspot/show";

/** Where a served recognizer is, and how it is to be asked: what is left out is as show.yaml says. */
export interface ServedPlace {
  /** grpc://host:port, or openai:http://host:port with the model behind it. */
  readonly address: string;
  /** Empty where an OpenAI server is to choose. */
  readonly model: string;
  readonly ask?: WayToAsk;
  readonly family?: ModelFamily;
  readonly maxPixels?: number;
  readonly adapter?: string;
  /** A calibration file, or "none"; the newest of the show that fits where left out. */
  readonly calibration?: string;
  /** A model file that proposes candidates for `verify`; the show's model in force where left out. */
  readonly understudy?: string;
  /** The model's id in the sheets, or the name of its checkpoint: what is known of it besides. */
  readonly sheet?: string;
  /** How many pictures of the cast `verify` shows. */
  readonly references?: number;
}

const TRITON = /^(grpcs?:\/\/[^/?#]+)\/([^/?#]+)(?:\?(.*))?$/;
const OPENAI = /^(openai:https?:\/\/[^/?#]+)(?:\/([^?#]*))?(?:\?(.*))?$/;
const LEAST_PIXELS = 3_136;
const MOST_PIXELS = 12_845_056;
const MOST_REFERENCES = 16;

/**
 * Reads `grpc://host:port/model?ask=list&family=qwen2.5-vl`, or the same of `openai:http://host:port/model`. Undefined where it is no address of that kind.
 * @throws UserError for a query that means nothing
 */
export function parseServedPlace(name: string): ServedPlace | undefined {
  const [, address, model = "", query = ""] = TRITON.exec(name) ?? OPENAI.exec(name) ?? [];
  if (!address) return undefined;
  const place: Record<string, string | number> = { address, model };
  for (const [key, value] of new URLSearchParams(query)) {
    const read = READERS[key];
    if (!read) throw wrong(name, `knows no "${key}", but ${Object.keys(READERS).join(", ")}`);
    place[key] = read(value, (what) => wrong(name, `${key} must be ${what}`));
  }
  return place as unknown as ServedPlace;
}

type Reader = (value: string, wrong: (what: string) => UserError) => string | number;

const READERS: Readonly<Record<string, Reader>> = {
  ask: oneOf(WAYS_TO_ASK),
  family: oneOf(MODEL_FAMILIES),
  maxPixels: whole(LEAST_PIXELS, MOST_PIXELS),
  adapter: some,
  calibration: some,
  understudy: some,
  sheet: some,
  references: whole(0, MOST_REFERENCES),
};

function oneOf(known: readonly string[]): Reader {
  return (value, wrong) => {
    if (known.includes(value)) return value;
    throw wrong(`one of ${known.join(", ")}`);
  };
}

function whole(least: number, most: number): Reader {
  return (value, wrong) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= least && number <= most) return number;
    throw wrong(`a whole number from ${least} to ${most}`);
  };
}

function some(value: string, wrong: (what: string) => UserError): string {
  if (value.trim() !== "") return value;
  throw wrong("something");
}

function wrong(name: string, what: string): UserError {
  return new UserError(`--recognizer: ${name}: ${what}`);
}
