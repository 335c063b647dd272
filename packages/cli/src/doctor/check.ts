/** What one look at the machine or the show found. */
export interface CheckResult {
  readonly name: string;
  /** `ok`; `note` works, but a person should know; `missing` something that was asked for cannot work. */
  readonly state: "ok" | "note" | "missing";
  readonly detail: string;
  /** What to do, one sentence. */
  readonly advice?: string;
}

export function ok(name: string, detail: string): CheckResult {
  return { name, state: "ok", detail };
}

export function note(name: string, detail: string, advice?: string): CheckResult {
  return { name, state: "note", detail, ...(advice ? { advice } : {}) };
}

export function missing(name: string, detail: string, advice: string): CheckResult {
  return { name, state: "missing", detail, advice };
}
