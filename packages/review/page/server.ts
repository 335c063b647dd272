/** What the server says; see packages/review/src/describe-question.ts and effect.ts. */
export interface Question {
  readonly id: string;
  readonly guess: string;
  readonly guessName: string;
  readonly confidence: number;
  readonly why: string;
  readonly day: string;
  readonly camera: string;
  readonly capturedAtMs: number;
  readonly model: string;
  readonly frameUrl: string;
  readonly cropUrl: string;
  readonly width: number;
  readonly height: number;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  } | null;
  readonly choices: readonly { readonly label: string; readonly name: string }[];
  readonly lookalikes: readonly {
    readonly name: string;
    readonly scene: string;
    readonly likeness: number;
    readonly url: string;
  }[];
}

export interface Counts {
  readonly total: number;
  readonly answered: number;
  readonly waiting: number;
  readonly accepted: number;
}

export interface State {
  readonly show: string;
  readonly counts: Counts;
  readonly question: Question | null;
  readonly ahead: readonly string[];
  readonly accepted?: {
    readonly files: readonly string[];
    readonly refused: Readonly<Record<string, number>>;
  };
}

export interface Golden {
  readonly pictures: number;
  readonly before: number;
  readonly after: number;
  readonly worse: boolean;
}

export type EffectState =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly share: number; readonly doing: string }
  | { readonly state: "failed"; readonly problem: string }
  | { readonly state: "done"; readonly effect: Effect };

export interface Effect {
  readonly added: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly unseen: {
    readonly pictures: number;
    readonly scenes: number;
    readonly before: number;
    readonly after: number;
    readonly won: number;
    readonly lost: number;
    readonly chance: number;
    readonly labels: readonly {
      readonly label: string;
      readonly pictures: number;
      readonly before: number;
      readonly after: number;
    }[];
  };
  readonly golden?: Golden;
}

/** @throws Error the server's own sentence */
export async function get<T>(path: string): Promise<T> {
  return await read(await fetch(path));
}

/** @throws Error the server's own sentence */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return await read(
    await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error((await response.text()).trim());
  return (await response.json()) as T;
}
