import type { Dirent } from "node:fs";
import { lstat, open, readdir, readlink, stat } from "node:fs/promises";
import { UserError } from "@followspot/domain";

/** More is no file that a person wrote. */
const MOST_BYTES = 1_000_000;
const MARK = "\uFEFF";

/** Reads a text that a server will read, too. What is wrong with the file itself is said in one sentence. @throws UserError */
export async function readText(file: string, mostBytes = MOST_BYTES): Promise<string> {
  const bytes = await readBytes(file, mostBytes);
  if (bytes[0] === 0xff || bytes[0] === 0xfe) {
    throw new UserError(`${file}:1: this is UTF-16, which nothing on the server reads: save it as UTF-8`);
  }
  const text = bytes.toString("utf8");
  if (text.startsWith(MARK)) {
    throw new UserError(
      `${file}:1: it begins with a byte order mark, which no parser on the server takes: save it as UTF-8 without one`,
    );
  }
  return text;
}

/** A text that nobody but us reads: an editor's byte order mark does no harm. @throws UserError */
export async function readOwnText(file: string): Promise<string> {
  const text = (await readBytes(file, MOST_BYTES)).toString("utf8");
  return text.startsWith(MARK) ? text.slice(MARK.length) : text;
}

/** @throws UserError where it is not there, no file, closed to us, or too large */
async function readBytes(file: string, mostBytes: number): Promise<Buffer> {
  try {
    await using handle = await open(file, "r");
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new UserError(`${file}: this is a folder, where a file belongs`);
    if (stat.size > mostBytes) {
      throw new UserError(`${file}: this is too long to be read: ${stat.size} bytes, more than ${mostBytes}`);
    }
    return await handle.readFile();
  } catch (error) {
    throw (await whyUnreadable(file, error)) ?? error;
  }
}

/** Whether a file or folder is there. @throws UserError where that cannot be seen, or a link leads nowhere */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const why = await whyUnreadable(path, error);
    if (!why) throw error;
    if (isMissing(error) && (await linkTarget(path)) === undefined) return false;
    throw why;
  }
}

export async function anyThere(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await isThere(path)) return true;
  return false;
}

/** @throws UserError where the folder may not be read */
export async function entriesOf(dir: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    throw (await whyUnreadable(dir, error)) ?? error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** What the operating system says of a file or folder, as a mistake of its owner; undefined for anything else. */
export async function whyUnreadable(path: string, error: unknown): Promise<UserError | undefined> {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM") {
    return new UserError(`${path}: you may not read it: give yourself and the server the right (chmod a+rX)`);
  }
  if (code === "ELOOP") return new UserError(`${path}: this link leads back to itself: put the file there`);
  if (!isMissing(error)) return undefined;
  const target = await linkTarget(path);
  return new UserError(
    target === undefined
      ? `${path}: it is missing`
      : `${path}: this is a link to ${target}, which is not there: copy the file itself`,
  );
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch {
    return undefined;
  }
}
