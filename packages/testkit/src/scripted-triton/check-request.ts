import { invalid, refusedByModel } from "./grpc-failure.ts";
import type { Signature, Tensor } from "./model-signature.ts";
import { idOf, type ReceivedInput, type ReceivedRequest } from "./received-request.ts";

const DATATYPES = /^(BOOL|UINT8|UINT16|UINT32|UINT64|INT8|INT16|INT32|INT64|FP16|FP32|FP64|BYTES|BF16)$/;
const WIDTHS: Readonly<Record<string, number>> = { BOOL: 1, FP32: 4, UINT32: 4, INT64: 8 };
const LENGTH_BYTES = 4;

/** Refuses what a real server refuses before the model sees it, in its words and its order. @throws GrpcFailure */
export function checkRequest(request: ReceivedRequest, signature: Signature): void {
  const { model, inputs, outputs } = request;
  checkNumber(request, signature);
  for (const { name } of inputs) {
    if (!signature.inputs.some((known) => known.name === name)) {
      throw invalid(`unexpected inference input '${name}' for model '${model}'`);
    }
  }
  const unknown = outputs.find((name) => !signature.outputs.some((known) => known.name === name));
  if (unknown !== undefined) throw invalid(`unexpected inference output '${unknown}' for model '${model}'`);
  for (const given of inputs) {
    const known = signature.inputs.find(({ name }) => name === given.name);
    if (known) checkInput(request, given, { ...known, dims: [...signature.batchDims, ...known.dims] });
  }
}

/** Only their number is looked at: a required input may be missing where an optional one was given. */
function checkNumber({ model, id, inputs }: ReceivedRequest, { inputs: known }: Signature): void {
  const required = known.filter(({ optional }) => !optional);
  if (inputs.length >= required.length && inputs.length <= known.length) return;
  const quoted = (names: readonly { name: string }[]) => names.map(({ name }) => `'${name}'`).join(",");
  const missing = required.filter(({ name }) => !inputs.some((given) => given.name === name));
  // The closing bracket without the opening one, where nothing is missing, is Triton's.
  const list = missing.length > 0 ? `[${quoted(missing)}]` : "]";
  throw invalid(
    `[request id: ${idOf(id)}] expected number of inputs between ${required.length} and ${known.length} but got ` +
      `${inputs.length} inputs for model '${model}'. Got input(s) [${quoted(inputs)}], but missing required ` +
      `input(s) ${list}. Please provide all required input(s).`,
  );
}

function checkInput({ id, model }: ReceivedRequest, given: ReceivedInput, known: Tensor): void {
  const { name, datatype, shape } = given;
  const prefix = `[request id: ${idOf(id)}] `;
  if (known.type !== datatype) {
    const said = DATATYPES.test(datatype) ? datatype : "<invalid>";
    throw invalid(
      `${prefix}inference input '${name}' data-type is '${said}', but model '${model}' expects '${known.type}'`,
    );
  }
  const fits =
    shape.length === known.dims.length &&
    known.dims.every((size, axis) => size === -1 || BigInt(size) === shape[axis]);
  if (!fits) {
    throw invalid(
      `${prefix}unexpected shape for input '${name}' for model '${model}'. Expected [${known.dims.join()}], got [${shape.join()}]. `,
    );
  }
  if (shape.some((size) => size < 0n)) {
    throw invalid(
      `${prefix}All input dimensions should be specified for input '${name}' for model '${model}', got [${shape.join()}]`,
    );
  }
  const count = Number(shape.reduce((product, size) => product * size, 1n));
  if (datatype === "BYTES") checkElements(given, count, { prefix, model });
  else {
    const expected = count * (WIDTHS[datatype] ?? 1);
    if (given.raw.length !== expected) {
      throw invalid(
        `${prefix}input byte size mismatch for input '${name}' for model '${model}'. Expected ${expected}, got ${given.raw.length}`,
      );
    }
  }
}

interface Place {
  readonly prefix: string;
  readonly model: string;
}

/** The server counts the elements of a BYTES tensor by their lengths, and leaves the last one to the model. */
function checkElements({ name, raw }: ReceivedInput, expected: number, { prefix, model }: Place): void {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  let elements = 0;
  let at = 0;
  let overrun: { length: number; left: number } | undefined;
  while (at < raw.length) {
    const left = raw.length - at;
    if (left < LENGTH_BYTES) {
      throw invalid(
        `${prefix}incomplete string length indicator for inference input '${name}' for model '${model}', expecting ` +
          `${LENGTH_BYTES} bytes but only ${left} bytes available. Please make sure the string length indicator is in one buffer.`,
      );
    }
    const length = view.getUint32(at, true);
    if (length > left - LENGTH_BYTES) overrun = { length, left: left - LENGTH_BYTES };
    at += LENGTH_BYTES + length;
    elements++;
  }
  if (elements < expected) {
    throw invalid(
      `${prefix}expected ${expected} string elements for inference input '${name}' for model '${model}', got ${elements}`,
    );
  }
  if (elements > expected) {
    throw invalid(
      `${prefix}unexpected number of string elements ${elements} for inference input '${name}' for model '${model}', expecting ${expected}`,
    );
  }
  if (overrun) {
    throw refusedByModel(
      `incomplete string data for inference input '${name}', expecting string of length ${overrun.length} but only ` +
        `${overrun.left} bytes available`,
    );
  }
}
