export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
    this.deadlineMs = deadlineMs;
  }
}

/** Runs `work` with a signal that aborts at the deadline, or as soon as `parent` does. Work must heed the signal. */
export async function withDeadline<T>(
  parent: AbortSignal,
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineExceeded(deadlineMs)), deadlineMs);
  try {
    return await work(AbortSignal.any([parent, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects after `ms`, without keeping the process alive for it. To be raced with something that takes no signal. */
export function rejectAfter(ms: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new DeadlineExceeded(ms)), ms).unref();
  });
}
