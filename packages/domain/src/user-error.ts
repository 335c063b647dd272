/**
 * A mistake in what a person gave us: a file, a field, an option. Its message is one sentence that names the place
 * and says what to do; it is shown without a stack trace and ends a command with exit code 2.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
