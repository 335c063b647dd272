import { plainText } from "@followspot/vision-language";

/** Marks of GLM-4 that are not written in the brackets of the others. */
const FURTHER_MARKS = /\[gMASK\]|<sop>|<eop>/gi;
const MOST_PASSES = 10;

/** What people or models wrote, in one line, without anything that any of the models takes for a mark of its own. */
export function cleanText(text: string): string {
  let clean = plainText(text);
  for (let pass = 0; pass < MOST_PASSES && clean.search(FURTHER_MARKS) >= 0; pass++) {
    clean = plainText(clean.replaceAll(FURTHER_MARKS, " "));
  }
  return clean.search(FURTHER_MARKS) < 0 ? clean : clean.replaceAll(/[<>[\]]/g, " ");
}
