export interface Closable {
  close(): Promise<void>;
}

/** Closes what a service opened, newest first, so that nothing outlives what it uses. */
export class Closer implements Closable {
  readonly #opened: { name: string; resource: Closable }[] = [];
  #closing: Promise<void> | undefined;

  /** Takes ownership of `resource` and hands it back. Refuses, once closing has begun. */
  add<T extends Closable>(name: string, resource: T): T {
    if (this.#closing) {
      // Whatever its close says, the caller learns that the service is on its way out.
      resource.close().catch(() => {});
      throw new Error(`opened the ${name} while the service was closing`);
    }
    this.#opened.push({ name, resource });
    return resource;
  }

  /** Closes everything, even after a failure; then throws what failed. Later calls get the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: Error[] = [];
    for (const { name, resource } of this.#opened.reverse()) {
      try {
        await resource.close();
      } catch (cause) {
        failures.push(new Error(`could not close the ${name}`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "the service did not close cleanly");
  }
}
