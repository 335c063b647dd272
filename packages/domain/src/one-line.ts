/** A line end, or something else that is no letter to see: a terminal would act on it. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** For a sentence that quotes what a file holds: what cannot be seen is written as in JSON, \u000a for a line end. */
export function oneLine(text: string): string {
  return text.replaceAll(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
