import { UserError } from "@followspot/domain";
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { readOwnText } from "./reading.ts";

const MOST_CHARACTERS = 1_000_000;

/** A YAML or JSON text with the lines of its keys. */
export interface ReadDocument {
  readonly value: unknown;
  /** Line of a key, or of what stands nearest above it. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** @throws UserError with file and line where it is not even YAML */
export function parseLines(text: string, file: string): ReadDocument {
  if (text.length > MOST_CHARACTERS) throw new UserError(`${file}: this is too long to be read`);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
  });
  const [syntax] = document.errors;
  if (syntax) throw new UserError(`${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
      const key = path[length - 1];
      const pair = isMap(parent)
        ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
        : undefined;
      const node = pair?.key ?? document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) ?? {}, lineOf };
  } catch (cause) {
    throw new UserError(`${file}: aliases (&, *) are not allowed here`, { cause });
  }
}

/** Reads a YAML file of one shape. @throws UserError: file, line, what is wrong */
export async function readYaml<Shape extends z.ZodType>(
  file: string,
  shape: Shape,
): Promise<z.output<Shape>> {
  const { value, lineOf } = parseLines(await readOwnText(file), file);
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    return `${file}:${lineOf(path)}: ${issue.path.length > 0 ? `${issue.path.join(".")}: ` : ""}${issue.message}`;
  });
  throw new UserError(lines.join("\n"));
}
