/** The model's own marks, `<|im_start|>` and the like, whatever stands within. */
const MARK = /<\|[^|<>]*\|>/g;
const MOST_PASSES = 10;

/**
 * What people wrote, without anything that the model would take for a mark of its own: otherwise a description could
 * end the instructions and begin new ones. Taking one mark out may join another, so it is done until none is left.
 */
export function plainText(text: string): string {
  let plain = text;
  for (let pass = 0; pass < MOST_PASSES && plain.search(MARK) >= 0; pass++) plain = plain.replace(MARK, " ");
  // Somebody nested them on purpose: then no bracket of theirs survives.
  if (/<\||\|>/.test(plain)) plain = plain.replaceAll(/<\|+|\|+>/g, " ");
  return plain.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}
