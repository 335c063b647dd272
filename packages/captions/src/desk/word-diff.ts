/** A run of words that both texts have, or only one of them. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** Longer captions are compared as a whole: the table below grows with the square. */
const MOST_WORDS = 600;

/** What became of a text, word by word: the least that has to be taken out and put in. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const old = wordsOf(before);
  const now = wordsOf(after);
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) {
    return joined([...old.map(part("removed")), ...now.map(part("added"))]);
  }
  const common = commonLengths(old, now);
  const lengthAt = (i: number, j: number): number => common[i * (now.length + 1) + j] ?? 0;
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      parts.push({ kind: "same", text: old[i] as string });
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      parts.push({ kind: "removed", text: old[i++] as string });
    } else parts.push({ kind: "added", text: now[j++] as string });
  }
  return joined(parts);
}

function part(kind: DiffPart["kind"]): (text: string) => DiffPart {
  return (text) => ({ kind, text });
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** At [i, j] how many words the rests from i and from j have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i * width + j] =
        old[i] === now[j]
          ? (table[(i + 1) * width + j + 1] as number) + 1
          : Math.max(table[(i + 1) * width + j] as number, table[i * width + j + 1] as number);
    }
  }
  return table;
}

/** Words of one kind in a row are one part. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const runs: DiffPart[] = [];
  for (const { kind, text } of parts) {
    const last = runs.at(-1);
    if (last?.kind === kind) runs[runs.length - 1] = { kind, text: `${last.text} ${text}` };
    else runs.push({ kind, text });
  }
  return runs;
}

const MARKS = { same: ["", ""], removed: ["[-", "-]"], added: ["{+", "+}"] } as const;
const COLOURS = { same: "", removed: "\u001b[31m", added: "\u001b[32m" } as const;
const PLAIN = "\u001b[0m";

/** As `git diff --word-diff` writes it: [-taken out-] {+put in+}; the marks stay where there is colour besides. */
export function diffText(parts: readonly DiffPart[], { colours }: { readonly colours: boolean }): string {
  return parts
    .map(({ kind, text }) => {
      const [open, close] = MARKS[kind];
      const marked = `${open}${text}${close}`;
      return colours && kind !== "same" ? `${COLOURS[kind]}${marked}${PLAIN}` : marked;
    })
    .join(" ");
}
