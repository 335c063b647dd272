import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";

/** A rehearsal's worth; after that the file starts over. */
const MAX_BYTES = 20_000_000;

/** One log file a service, begun anew at each start, bounded in size. */
export class LogFiles {
  readonly dir: string;
  readonly #files = new Map<string, { stream: WriteStream; bytes: number }>();

  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  write(name: string, line: string): void {
    const path = join(this.dir, `${name}.log`);
    let file = this.#files.get(name);
    if (!file || file.bytes > MAX_BYTES) {
      file?.stream.end();
      file = { stream: createWriteStream(path), bytes: 0 };
      // A full disk must not end the show.
      file.stream.on("error", () => {});
      this.#files.set(name, file);
    }
    file.bytes += line.length + 1;
    file.stream.write(`${line}\n`);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#files.values()].map(({ stream }) => new Promise<void>((done) => stream.end(() => done()))),
    );
  }
}

/** A warning or worse of a service's log as a short line for the terminal; undefined for the rest. */
export function terminalLine(name: string, line: string): string | undefined {
  try {
    const entry = JSON.parse(line) as {
      level?: string;
      msg?: string;
      err?: { message?: string };
      detail?: string;
    };
    if (!entry.level || !["warn", "error", "fatal"].includes(entry.level)) return undefined;
    const more = entry.detail ?? entry.err?.message;
    return `${name}: ${entry.msg ?? ""}${more ? ` (${more})` : ""}`;
  } catch {
    // Not a log line of ours: Node's own words about a crash.
    return line.trim() === "" ? undefined : `${name}: ${line}`;
  }
}
