/**
 * The inner loops of the network, in AssemblyScript: 32-bit floats, four lanes, no relaxed instructions and no
 * threads, so that every machine computes the same bits. A feature map lies row by row, pixel by pixel, channel by
 * channel (a multiple of four channels for what is read, of eight for what is written), inside a border of one
 * pixel of zeros, so that no tap needs a test of bounds.
 */
export { convolve } from "./convolve";
export { clearBorder, writeImage } from "./map";
export { convolveTiles } from "./convolve-tiles";
