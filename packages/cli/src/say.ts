/** A line for the person at the terminal. Standard error, so that standard output stays the command's answer. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One JSON document, and nothing else, on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Node itself strips the types of the page's files, and calls that experimental: nothing that the person can act on. */
export function hideExperimentalWarnings(): void {
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (name !== "ExperimentalWarning") say(`${name}: ${message}`);
  });
}
