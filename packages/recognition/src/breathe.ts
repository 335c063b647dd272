/** Lets the process answer Ctrl-C and draw its progress. @throws the reason of the signal, once it is aborted. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
