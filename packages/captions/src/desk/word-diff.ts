/** A run of words that both texts have, or only one of them, with the space before it. */
export interface DiffPart {
  readonly kind: "same" | "removed" | "added";
  readonly space: string;
  readonly text: string;
}

/** Longer captions are compared as a whole: the table below grows with the square. */
const MOST_WORDS = 600;

/** What became of a text, word by word: the least that has to be taken out and put in. */
export function wordDiff(before: string, after: string): readonly DiffPart[] {
  const old = wordsOf(before);
  const now = wordsOf(after);
  if (old.length > MOST_WORDS || now.length > MOST_WORDS) {
    return joined([...old.map(partOf("removed")), ...now.map(partOf("added"))]);
  }
  const common = commonLengths(old, now);
  const lengthAt = (i: number, j: number): number => common[i * (now.length + 1) + j] ?? 0;
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i]?.trim() === now[j]?.trim()) {
      parts.push(partOf("same")(now[j] as string));
      i++;
      j++;
    } else if (j >= now.length || (i < old.length && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      parts.push(partOf("removed")(old[i++] as string));
    } else parts.push(partOf("added")(now[j++] as string));
  }
  return joined(parts);
}

function partOf(kind: DiffPart["kind"]): (word: string) => DiffPart {
  return (word) => ({ kind, space: /^\s/.test(word) ? " " : "", text: word.trim() });
}

/** Words, and what stands between them one by one, each with the space before it; the first with one, too. */
function wordsOf(text: string): readonly string[] {
  return ` ${text.trim()}`.match(/\s*(?:[\p{L}\p{M}\p{N}'’-]+|[^\s\p{L}\p{M}\p{N}'’-])/gu) ?? [];
}

/** At [i, j] how many words the rests from i and from j have in common, in order. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i * width + j] =
        old[i]?.trim() === now[j]?.trim()
          ? (table[(i + 1) * width + j + 1] as number) + 1
          : Math.max(table[(i + 1) * width + j] as number, table[i * width + j + 1] as number);
    }
  }
  return table;
}

/** Words of one kind in a row are one part. */
function joined(parts: readonly DiffPart[]): readonly DiffPart[] {
  const runs: DiffPart[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.kind === part.kind)
      runs[runs.length - 1] = { ...last, text: last.text + part.space + part.text };
    else runs.push(part);
  }
  return runs;
}

const MARKS = { same: ["", ""], removed: ["[-", "-]"], added: ["{+", "+}"] } as const;
const COLOURS = { same: "", removed: "\u001b[31m", added: "\u001b[32m" } as const;
const PLAIN = "\u001b[0m";

/** As `git diff --word-diff` writes it: [-taken out-]{+put in+}; the marks stay where there is colour besides. */
export function diffText(parts: readonly DiffPart[], { colours }: { readonly colours: boolean }): string {
  return parts
    .map(({ kind, space, text }) => {
      const [open, close] = MARKS[kind];
      const marked = `${open}${text}${close}`;
      return space + (colours && kind !== "same" ? `${COLOURS[kind]}${marked}${PLAIN}` : marked);
    })
    .join("")
    .trim();
}
