/** Pixels on the screen, from the canvas's upper left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The largest rectangle of the picture's shape inside the canvas, centred. */
export function fit(
  picture: { readonly width: number; readonly height: number },
  canvas: { readonly width: number; readonly height: number },
): Rect {
  const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width, height };
}

/**
 * Where the name tag of each box goes: above the box, inside it where there is no room above, and moved down past
 * tags that are placed already. Always inside `area`.
 */
export function placeTags(
  boxes: readonly { readonly box: Rect; readonly tagWidth: number }[],
  { area, tagHeight }: { readonly area: Rect; readonly tagHeight: number },
): Rect[] {
  const placed: Rect[] = [];
  for (const { box, tagWidth } of boxes) {
    const x = clamp(box.x, area.x, area.x + area.width - tagWidth);
    let y = box.y - tagHeight >= area.y ? box.y - tagHeight : Math.max(box.y, area.y);
    // Each pass moves it below one tag, so as many passes as there are tags are enough.
    for (const _ of placed) {
      const hit = placed.find((other) => overlap({ x, y, width: tagWidth, height: tagHeight }, other));
      if (!hit) break;
      y = hit.y + hit.height + 2;
    }
    placed.push({
      x,
      y: clamp(y, area.y, area.y + area.height - tagHeight),
      width: tagWidth,
      height: tagHeight,
    });
  }
  return placed;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
