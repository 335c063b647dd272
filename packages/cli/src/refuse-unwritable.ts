import { open } from "node:fs/promises";
import { UserError } from "@followspot/domain";

/**
 * Before the minutes that the work takes, and not after them.
 * @throws UserError where no file can be written there
 */
export async function refuseUnwritable(option: string, file: string | true | undefined): Promise<void> {
  if (file === undefined || file === true || file === "-") return;
  try {
    await (await open(file, "a")).close();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(
      `${option}: ${file} cannot be written (${code}): name a file in a folder that you may write to`,
      { cause },
    );
  }
}
