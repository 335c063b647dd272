import { UserError } from "@followspot/domain";
import type { Findings } from "./finding.ts";
import { readText } from "./reading.ts";
import { parseLines, type ReadDocument } from "./yaml-file.ts";

/** Reads a JSON file with the lines of its keys; what is wrong with it is found, and nothing is given. */
export async function readJson(file: string, findings: Findings): Promise<ReadDocument | undefined> {
  try {
    return parseJson(await readText(file), file, findings);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.thrown(error);
    return undefined;
  }
}

function parseJson(text: string, file: string, findings: Findings): ReadDocument | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // YAML is a superset, and its parser knows where everything stands. It also sees a key that is there twice.
    return { value, lineOf: parseLines(text, file).lineOf };
  } catch (error) {
    if (error instanceof UserError) findings.thrown(error);
    else
      findings.error(
        `${file}:${lineOf(text, error)}`,
        `this is not JSON (${whatIn(error)}): correct it there`,
      );
    return undefined;
  }
}

function lineOf(text: string, error: unknown): number {
  const at = /at position (\d+)/.exec(String(error))?.[1];
  return text.slice(0, at === undefined ? text.length : Number(at)).split("\n").length;
}

/** "Expected ',' ... in JSON at position 4 (line 1 column 5)" without the place, and without what may be long. */
function whatIn(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/,? ?(in JSON )?at position.*$/s, "").replace(/, "[^]*" is not valid JSON$/, "");
}
