export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface ResizeLimits {
  /** Side of the square of pixels that becomes one token. */
  readonly pxPerToken: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

const MAX_ASPECT = 200;

/**
 * The size in which a Qwen vision-language model looks at a picture: sides that are multiples of one token's, about the
 * same shape, pixels within the limits. It follows `smart_resize` of transformers' image_processing_qwen2_vl.py down to
 * the order of operations, since another order could turn a floor over.
 * @throws RangeError for a picture that is empty, or 200 times as long as wide, which the model refuses
 */
export function smartResize({ width, height }: PictureSize, limits: ResizeLimits): PictureSize {
  const { pxPerToken: step, minPixels, maxPixels } = limits;
  if (!(width >= 1 && height >= 1)) throw new RangeError(`a picture of ${width} x ${height} pixels is empty`);
  if (Math.max(width, height) / Math.min(width, height) > MAX_ASPECT) {
    throw new RangeError(`a picture of ${width} x ${height} pixels is too long and narrow for the model`);
  }
  const near = {
    width: Math.max(step, roundHalfEven(width / step) * step),
    height: Math.max(step, roundHalfEven(height / step) * step),
  };
  const area = near.width * near.height;
  if (area > maxPixels) {
    const beta = Math.sqrt((height * width) / maxPixels);
    return {
      width: Math.max(step, Math.floor(width / beta / step) * step),
      height: Math.max(step, Math.floor(height / beta / step) * step),
    };
  }
  if (area < minPixels) {
    const beta = Math.sqrt(minPixels / (height * width));
    return {
      width: Math.ceil((width * beta) / step) * step,
      height: Math.ceil((height * beta) / step) * step,
    };
  }
  return near;
}

/** Language tokens that a picture of this size takes, once resized. */
export function tokensOf({ width, height }: PictureSize, pxPerToken: number): number {
  return (width / pxPerToken) * (height / pxPerToken);
}

/** Python's `round`: a half goes to the even neighbour, where Math.round would go up. */
export function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
