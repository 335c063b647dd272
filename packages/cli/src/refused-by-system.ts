/** What the operating system says of a file or a folder that a user named, or whose disk is full. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read or write there",
  EPERM: "this user may not read or write there",
  EROFS: "nothing can be written there",
  EEXIST: "something else of that name is there",
  ENOTDIR: "it is not a folder, or lies in something that is none",
  EISDIR: "it is a folder, and a file is wanted",
  ENOSPC: "the disk is full",
};

/** One sentence where the system refused a file or a folder: its state, and no fault in the program. */
export function refusedBySystem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const words = WORDS[error.code];
  if (words === undefined) return undefined;
  // A write that fails for want of room knows no path.
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if (path === undefined && error.code !== "ENOSPC") return undefined;
  return path === undefined ? words : `${path}: ${words} (${error.code})`;
}
