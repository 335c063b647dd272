import { open, unlink } from "node:fs/promises";
import { UserError } from "@followspot/domain";

/**
 * Before the minutes that the work takes, and not after them. Leaves behind what it found, and no empty file.
 * @throws UserError where no file can be written there
 */
export async function refuseUnwritable(option: string, file: string | true | undefined): Promise<void> {
  if (file === undefined || file === true || file === "-") return;
  try {
    if (await tryWriting(file, "wx")) await unlink(file);
    else await tryWriting(file, "a");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      `${option}: ${file} cannot be written (${code}): name a file in a folder that you may write to`,
      { cause },
    );
  }
}

/** Returns false where "wx" would have made a file that is there already. */
async function tryWriting(file: string, flags: "wx" | "a"): Promise<boolean> {
  try {
    await (await open(file, flags)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
