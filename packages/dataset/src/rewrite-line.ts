/** Of the JSON proposal "source text access", which Node has and TypeScript does not know yet. */
type ReviveSource = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const { rawJSON } = JSON as unknown as { readonly rawJSON: (source: string) => unknown };

/**
 * A line of metadata.jsonl with these columns set, and every other as it was: numbers are written as they were read, so
 * that of somebody's 64-bit ids no digit is lost.
 */
export function withColumns(line: string, columns: Readonly<Record<string, unknown>>): string {
  const revive: ReviveSource = (_key, value, { source }) =>
    typeof value === "number" && source !== undefined ? rawJSON(source) : value;
  const parsed = JSON.parse(line, revive as (key: string, value: unknown) => unknown) as object;
  return JSON.stringify({ ...parsed, ...columns });
}
