import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { say } from "../say.ts";

/**
 * Lets the person change a text: in $VISUAL or $EDITOR, else on a line of the terminal. Undefined where the editor
 * failed, or the line was given up with Ctrl-C or Ctrl-D.
 */
export async function editText(text: string): Promise<string | undefined> {
  const editor = process.env.VISUAL || process.env.EDITOR;
  return editor ? await inEditor(text, editor) : await onLine(text);
}

async function inEditor(text: string, editor: string): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "followspot-caption-"));
  const file = join(folder, "caption.txt");
  try {
    await writeFile(file, `${text}\n`);
    // Through the shell, since EDITOR may hold words for it ("code --wait"); the file's name comes as a word of its own.
    const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) {
      say(`the editor (${editor}) ended with ${code ?? "a signal"}`);
      return undefined;
    }
    return (await readFile(file, "utf8")).split(/\s+/).join(" ").trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onLine(text: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once("close", () => resolve(undefined));
      lines.question("> ", resolve);
      lines.write(text);
    });
  } finally {
    lines.close();
  }
}
