import type { EvaluationReport, RecognizerReport } from "../evaluation-report.ts";

/** A server's model as it is asked for: scheme, host and port, then the model, then how it is asked. */
const SERVED = /^(?:grpcs?:\/\/|openai:https?:\/\/)[^/]+\/([^?]+)(?:\?(.*))?$/;
/** What tells two ways to ask one model apart; always worth its place. */
const TELLING = "ask";

/**
 * Names that fit over a column: the model and how it is asked, without the address and what is the same for all. A name
 * that would not be the only one of its kind stays as it was given.
 */
export function shortNames(names: readonly string[]): ReadonlyMap<string, string> {
  const served = names.flatMap((name) => {
    const [, model, query = ""] = SERVED.exec(name) ?? [];
    return model === undefined ? [] : [{ name, model, asked: [...new URLSearchParams(query)] }];
  });
  const shared = (key: string, value: string): boolean =>
    served.length > 1 &&
    served.every(({ asked }) => asked.some(([other, one]) => other === key && one === value));
  const short = new Map(
    served.map(({ name, model, asked }) => {
      const telling = asked.filter(([key, value]) => key === TELLING || !shared(key, value));
      const how = telling.map(([key, value]) => (key === TELLING ? value : `${key} ${value}`));
      return [name, how.length > 0 ? `${model} (${how.join(", ")})` : model];
    }),
  );
  const taken = (text: string): number => names.filter((name) => (short.get(name) ?? name) === text).length;
  return new Map(
    names.map((name) => {
      const text = short.get(name) ?? name;
      return [name, taken(text) === 1 ? text : name];
    }),
  );
}

/** The report with short names for whatever it speaks of; what was typed stays in `command`. */
export function withShortNames(report: EvaluationReport): EvaluationReport {
  const recognizers = shortNames(report.recognizers.map(({ name }) => name));
  const texts = shortNames(report.textModels.map(({ name }) => name));
  const nameOf = (name: string): string => recognizers.get(name) ?? name;
  // The longest first: one name may begin another.
  const longestFirst = [...recognizers].sort(([a], [b]) => b.length - a.length);
  const within = (note: string): string =>
    longestFirst.reduce((text, [name, short]) => text.replaceAll(name, short), note);
  const renamed = <One extends RecognizerReport>(one: One): One => ({
    ...one,
    recognizer: { ...one.recognizer, name: nameOf(one.recognizer.name) },
    notes: one.notes.map(within),
  });
  return {
    ...renamed(report),
    second: report.second && renamed(report.second),
    further: report.further.map(renamed),
    recognizers: report.recognizers.map((one) => ({ ...one, name: nameOf(one.name) })),
    textModels: report.textModels.map((one) => ({ ...one, name: texts.get(one.name) ?? one.name })),
  };
}
