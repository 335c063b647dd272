/** Something that a command was asked for did not happen, and its message says all there is to say: exit code 1. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}
