import type { z } from "zod";

/** One problem of a checked document, as a sentence without its place. */
export function problemText(issue: z.core.$ZodIssue, allowedKeys: readonly string[]): string {
  const field = issue.path.join(".");
  switch (issue.code) {
    case "unrecognized_keys": {
      const keys = issue.keys.map((key) => JSON.stringify(key)).join(", ");
      return `unknown key ${keys}; allowed here: ${allowedKeys.join(", ")}`;
    }
    case "invalid_type":
      return issue.input === undefined
        ? `${field} is missing; it must be ${article(issue.expected)}`
        : `${field} must be ${article(issue.expected)}`;
    case "invalid_value":
      return `${field} must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_format":
      return `${field} must be ${issue.message}`;
    case "too_small":
      return `${field} must be at least ${issue.minimum}${unit(issue.origin)}`;
    case "too_big":
      return `${field} must be at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return `${field}: ${issue.message}`;
  }
}

function article(type: string): string {
  const name =
    { array: "list", object: "set of keys", boolean: "true or false", int: "whole number" }[type] ?? type;
  return name === "true or false" ? name : `a ${name}`;
}

function unit(origin: string): string {
  if (origin === "string") return " characters long";
  return origin === "array" ? " entries long" : "";
}
