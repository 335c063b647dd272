import { cleanText } from "../chat/clean-text.ts";
import { LOOK_SCHEMA } from "../prompts/look.ts";
import { type Reading, readObject } from "./read-object.ts";

export interface ReadLook {
  readonly caption: string;
  readonly reading: Reading;
}

const MOST = LOOK_SCHEMA.properties.caption.maxLength;

/** The vision model's caption; a plain sentence will do where it kept to no form. Undefined where it is neither. */
export function readLook(answer: string): ReadLook | undefined {
  const read = readObject(answer);
  const said = read ? read.value.caption : answer;
  if (typeof said !== "string") return undefined;
  const caption = cleanText(said);
  if (caption.length > MOST || !/\p{L}{2}/u.test(caption)) return undefined;
  if (read) return { caption, reading: read.reading };
  // Braces are an attempt at JSON that went wrong.
  return /[{}[\]]/.test(caption) || !/\s/.test(caption) ? undefined : { caption, reading: "plain" };
}
