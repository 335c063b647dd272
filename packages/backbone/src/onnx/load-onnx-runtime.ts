import { UserError } from "@followspot/domain";

/** The part of onnxruntime-node that is used; it is described here because it need not be installed. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    readonly create: (
      path: string,
      options: { readonly intraOpNumThreads: number; readonly logSeverityLevel: 0 | 1 | 2 | 3 | 4 },
    ) => Promise<OnnxSession>;
  };
  readonly Tensor: new (
    type: "float32" | "uint8",
    data: Float32Array | Uint8Array,
    dims: readonly number[],
  ) => OnnxTensor;
}

export interface OnnxSession {
  readonly inputMetadata: readonly OnnxValue[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

export interface OnnxValue {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** A name, or a number below 1, stands for a side that is left open. */
  readonly shape?: readonly (number | string)[];
}

export interface OnnxTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

const RUNTIME = "onnxruntime-node";

/**
 * The library takes 290 MB, so it is installed by those who bring a network of their own.
 * @throws UserError one sentence that says how to install it.
 */
export async function loadOnnxRuntime(specifier = RUNTIME): Promise<OnnxRuntime> {
  let loaded: { readonly default?: OnnxRuntime } & Partial<OnnxRuntime>;
  try {
    loaded = (await import(specifier)) as typeof loaded;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") {
      throw new UserError(
        `${RUNTIME}, which runs ONNX networks, is not installed: install it with: npm install ${RUNTIME}`,
        { cause },
      );
    }
    throw new UserError(
      `${RUNTIME} is installed but cannot be loaded (${firstLine(cause)}): install it again with: npm install ${RUNTIME}`,
      { cause },
    );
  }
  return (loaded.default ?? loaded) as OnnxRuntime;
}

/** What went wrong, short enough for one sentence. */
export function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.trim().split("\n")[0]?.slice(0, 200) ?? "unknown reason";
}
