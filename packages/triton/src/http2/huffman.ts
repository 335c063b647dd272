import { ErrorCode, Http2Error } from "./http2-error.ts";

/** Bits of the code of each octet, and of the end. The codes are canonical, so they follow. (RFC 7541, Appendix B) */
const CODE_BITS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const END = 256;
const LONGEST_BITS = 30;

/** For each length its codes are consecutive: the first of them, how many there are, and the octets they stand for. */
const CODES = codesByLength();

function codesByLength(): readonly { first: number; symbols: readonly number[] }[] {
  const codes = [{ first: 0, symbols: [] as number[] }];
  for (let bits = 1; bits <= LONGEST_BITS; bits++) {
    const { first, symbols } = codes[bits - 1] ?? { first: 0, symbols: [] };
    const those = CODE_BITS.flatMap((length, symbol) => (length === bits ? [symbol] : []));
    codes.push({ first: (first + symbols.length) * 2, symbols: those });
  }
  return codes;
}

/** A string as HTTP/2 compresses it, octet by octet. @throws Http2Error */
export function decodeHuffman(coded: Uint8Array): string {
  const octets: number[] = [];
  let code = 0;
  let bits = 0;
  for (const octet of coded) {
    for (let shift = 7; shift >= 0; shift--) {
      code = code * 2 + ((octet >> shift) & 1);
      const { first, symbols } = CODES[++bits] ?? { first: 0, symbols: [END] };
      const symbol = symbols[code - first];
      if (symbol === undefined) continue;
      if (symbol === END) throw new Http2Error(ErrorCode.compressionError, "a string holds its own end");
      octets.push(symbol);
      code = 0;
      bits = 0;
    }
  }
  // The last octet is filled up with the beginning of the end's code, which is ones.
  if (bits > 7 || code !== 2 ** bits - 1) {
    throw new Http2Error(ErrorCode.compressionError, "a string ends in the middle of a code");
  }
  return Buffer.from(octets).toString("latin1");
}
