const MAX_PART = 80;

/**
 * A name that every file system takes, from any text; "/" parts folders. Nothing in it leads out of the folder
 * or hides the file.
 */
export function fileSlug(text: string): string {
  const parts = text
    .split(/[/\\]/)
    .map((part) => wordSlug(part, MAX_PART))
    .filter((part) => part !== "");
  return parts.slice(-4).join("/") || "picture";
}

/** An id as the cast list has them, from a folder's or category's name; undefined where nothing of it is left. */
export function idSlug(text: string): string | undefined {
  const slug = wordSlug(text, 64);
  return slug === "" ? undefined : slug;
}

function wordSlug(text: string, maxLength: number): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .slice(0, maxLength)
    .replaceAll(/^[-_]+|[-_]+$/g, "");
}
