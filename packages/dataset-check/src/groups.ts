/** Who belongs together, directly or around a corner (union-find). */
export class Groups {
  readonly #parent: Int32Array;

  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, index) => index);
  }

  join(one: number, other: number): void {
    const [a, b] = [this.of(one), this.of(other)];
    // The earlier one stands for the group, so that the order of joining does not matter.
    if (a !== b) this.#parent[Math.max(a, b)] = Math.min(a, b);
  }

  /** The first of the group. */
  of(member: number): number {
    let root = member;
    while (this.#parent[root] !== root) root = this.#parent[root] as number;
    for (let at = member; at !== root; ) {
      const next = this.#parent[at] as number;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }
}
