import { openWriter, parseWriterPlace, takeTidyExam, type TidyExamResult } from "@followspot/captions/exam";
import { UserError } from "@followspot/domain";
import { TritonClient } from "@followspot/triton";
import { findSheet, MODEL_SHEETS } from "@followspot/vision-language/model-sheets";
import { askServerCard, type ServerCard } from "../contestants/server-card.ts";
import type { Patience } from "../exam/exam.ts";
import { type Hardware, hardwareOfServer, type Openness, opennessOfSheet } from "./criteria.ts";

/** What is known and what was measured of a model that tidies captions. */
export interface TextModelReport {
  /** As it was asked for on the command line. */
  readonly name: string;
  readonly version: string | null;
  readonly sheet: string | null;
  readonly hardware: Hardware;
  readonly openness: Openness;
  readonly contextTokens: number | null;
  readonly efficiency: {
    /** Of answers, asked one at a time. */
    readonly tokensPerSecond: number | null;
    readonly charactersPerSecond: number | null;
  };
  /** Means over the tasks of the exam, 0 to 1: see docs/captions.md. */
  readonly accuracy: TidyExamResult["score"] & { readonly n: number; readonly failed: number };
  readonly latencyMs: { readonly p50: number; readonly max: number };
  /** Whether the server held its answers to the form. */
  readonly constrained: boolean;
}

const OPTION = "--text-model";
const never = new AbortController().signal;

/** @throws UserError where there is no such model, or nothing is known of it under the name that is given */
export async function findTextModel(asked: string, { signal }: Pick<Patience, "signal"> = {}): Promise<void> {
  const { place } = parseAsked(asked);
  await (await openWriter(place, { option: OPTION, signal })).close();
}

function parseAsked(asked: string) {
  const [plain = asked, query] = asked.split("?", 2);
  const place = parseWriterPlace(plain, OPTION);
  const { sheet, ...others } = Object.fromEntries(new URLSearchParams(query));
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) throw new UserError(`${OPTION}: ${asked}: knows no "${foreign}", but sheet`);
  if (sheet !== undefined && !findSheet(sheet)) {
    const known = MODEL_SHEETS.map(({ id }) => id).join(", ");
    throw new UserError(
      `${OPTION}: ${asked}: nothing is known of a model "${sheet}"; the sheets are ${known}`,
    );
  }
  return { place, sheet: sheet ?? place.model };
}

/**
 * Has a text model tidy the captions of the exam.
 * @param asked `grpc://host:port/model`, with `?sheet=` for what it is known as
 * @throws UserError where it cannot be asked
 */
export async function examineTextModel(
  asked: string,
  { signal = never, onProgress = () => {} }: Patience = {},
): Promise<TextModelReport> {
  const { place, sheet: named } = parseAsked(asked);
  const model = await openWriter(place, { option: OPTION, signal });
  try {
    const exam = await takeTidyExam({ model, signal, onProgress });
    const sheet = findSheet(named);
    const done = exam.tasks.filter(({ failed }) => failed === undefined);
    const seconds = done.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
    const characters = done.reduce((sum, { answer }) => sum + answer.length, 0);
    return {
      name: asked,
      version: exam.version ?? null,
      sheet: sheet?.id ?? null,
      hardware: hardwareOfServer(await serverCardOf(place), sheet),
      openness: opennessOfSheet(sheet),
      contextTokens: model.contextTokens ?? sheet?.contextTokens.value ?? null,
      efficiency: {
        tokensPerSecond: exam.tokensPerSecond ?? null,
        charactersPerSecond: seconds > 0 ? Math.round(characters / seconds) : null,
      },
      accuracy: { ...exam.score, n: exam.tasks.length, failed: exam.tasks.length - done.length },
      latencyMs: exam.ms,
      constrained: exam.constrained,
    };
  } finally {
    await model.close();
  }
}

async function serverCardOf({
  address,
  model,
}: {
  readonly address: string;
  readonly model: string;
}): Promise<ServerCard | undefined> {
  if (!/^grpcs?:/.test(address)) return undefined;
  const client = await TritonClient.connect({ address });
  try {
    return await askServerCard(client, model);
  } finally {
    await client.close();
  }
}
