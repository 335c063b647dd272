/** A line for the person at the terminal. Standard error, so that standard output stays the command's answer. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One JSON document, and nothing else, on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
