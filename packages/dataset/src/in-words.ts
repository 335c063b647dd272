import { oneLine } from "@followspot/domain";
import type { z } from "zod";

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** For zod: what is wrong with a field, in words that say what it should be. To be read behind the field's name. */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${nameOf(issue.expected)}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return `must ${bound(issue, issue.minimum, issue.inclusive ? "at least" : "more than")}`;
    case "too_big":
      return `must ${bound(issue, issue.maximum, issue.inclusive ? "at most" : "less than")}`;
    case "invalid_union": {
      const forms = issue.errors.flatMap(([first]) =>
        first?.code === "invalid_type" && first.path.length === 0 ? [nameOf(first.expected)] : [],
      );
      if (issue.input === undefined) return "is missing";
      return forms.length > 0 ? `must be ${forms.join(" or ")}` : "has a form that is not known here";
    }
    default:
      return undefined;
  }
};

/** The first thing that is wrong, behind the name of its field. */
export function firstIssue({ issues }: z.ZodError, whole: string): string {
  const [issue] = issues;
  return oneLine(`${issue?.path.join(".") || whole}: ${issue?.message}`);
}

const NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  tuple: "a list",
  object: "an object in braces",
  record: "an object in braces",
  boolean: "true or false",
};

function nameOf(expected: string): string {
  return NAMES[expected] ?? expected;
}

function bound(issue: Issue & { readonly origin: string }, limit: number | bigint, how: string): string {
  if (issue.origin === "string") return limit === 1 ? "not be empty" : `have ${how} ${limit} characters`;
  if (issue.origin === "array" || issue.origin === "tuple") return `have ${how} ${limit} items`;
  return `be ${how} ${limit}`;
}
