interface Question {
  readonly to: number;
  readonly question: string;
  readonly parameters: Record<string, unknown>;
}

// What a question is about is known to the two ends of it.
// oxlint-disable-next-line typescript/no-explicit-any
type Answering = (parameters: any) => unknown;

/** Answers the bench over the IPC channel, by the name of the question. To be called once everything is set up. */
export function serveParent(name: string, answers: Readonly<Record<string, Answering>>): void {
  process.on("message", ({ to, question, parameters }: Question) => {
    const answer = async () => answers[question]?.(parameters);
    answer().then(
      (value) => process.send?.({ to, value }),
      (error: unknown) => process.send?.({ to, error: String(error) }),
    );
  });
  process.once("disconnect", () => process.exit());
  process.once("SIGTERM", () => process.exit());
  process.send?.({ started: name });
}
