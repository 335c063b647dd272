/** "3 drafts wait" */
export function waiting(count: number): string {
  return count === 1 ? "1 draft waits" : `${count} drafts wait`;
}
