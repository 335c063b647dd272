/**
 * Ids of shows, cameras and labels: they become parts of Redis keys, URLs, file names and cue sheets,
 * so they are lower-case words joined by hyphens or underscores.
 */
export const ID_PATTERN = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/;

export function isId(text: string): boolean {
  return ID_PATTERN.test(text);
}

export const ID_RULE = "lower-case letters, digits, hyphens and underscores, at most 64 characters";
