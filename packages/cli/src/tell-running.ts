import { CommandFailure } from "./command-failure.ts";

/**
 * Makes a running system of the show answer with the model that was just put in force.
 * @returns what became of it, for a person.
 * @throws CommandFailure where a running system did not take it over.
 */
export async function tellRunning(showDir: string, version: string): Promise<string> {
  const { describeReload, reloadUnderstudies } = await import("@followspot/triton");
  try {
    return describeReload(await reloadUnderstudies({ showDir, version }));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(
      `model ${version} is in force in the show folder, but the running system did not take it over: ${problem}`,
      { cause },
    );
  }
}
