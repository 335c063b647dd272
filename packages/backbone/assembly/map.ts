/** Puts zeros around a map; `pixelBytes` is 4 times its channels. */
export function clearBorder(map: usize, width: i32, height: i32, pixelBytes: usize): void {
  const rowBytes = <usize>(width + 2) * pixelBytes;
  memory.fill(map, 0, rowBytes + pixelBytes);
  // The last pixel of a row and the first of the next are neighbours in memory.
  for (let y = 1; y <= height; y++) {
    memory.fill(map + <usize>(y + 1) * rowBytes - pixelBytes, 0, pixelBytes << 1);
  }
  memory.fill(map + <usize>(height + 1) * rowBytes, 0, rowBytes);
}

/**
 * Writes 8-bit pixels as a map of four channels, the fourth zero, through a table: 256 numbers for red, then for
 * green, then for blue.
 */
export function writeImage(rgb: usize, map: usize, width: i32, height: i32, table: usize): void {
  let to = map + <usize>(width + 3) * 16;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      f32.store(to, f32.load(table + ((<usize>load<u8>(rgb)) << 2)));
      f32.store(to, f32.load(table + ((<usize>load<u8>(rgb, 1)) << 2), 1024), 4);
      f32.store(to, f32.load(table + ((<usize>load<u8>(rgb, 2)) << 2), 2048), 8);
      f32.store(to, 0, 12);
      rgb += 3;
      to += 16;
    }
    to += 32;
  }
}
