import type { Network } from "./network-file.ts";

/** A feature map in memory, border of one pixel included. */
export interface MapPlace {
  readonly width: number;
  readonly height: number;
  /** As they lie in memory: rounded up to what the kernels work on. */
  readonly channels: number;
  /** Where it begins, in bytes. */
  readonly at: number;
}

export interface MemoryPlan {
  readonly rgb: number;
  readonly image: MapPlace;
  readonly layers: readonly MapPlace[];
  /** Bytes needed in all, from address 0. */
  readonly bytes: number;
}

/** Channels of a layer's map as they lie in memory: the kernels write eight at a time. */
export const storedChannels = (channels: number): number => (channels + 7) & ~7;

/** The picture's three channels and a zero. */
export const IMAGE_CHANNELS = 4;

interface Span {
  readonly at: number;
  readonly bytes: number;
  /** The last layer that reads it. */
  readonly until: number;
}

/** Lays the maps of one picture size into memory from `base` on; a map's room is used again after its last reader. */
export function planMemory(
  network: Network,
  size: { readonly width: number; readonly height: number },
  base: number,
): MemoryPlan {
  const { layers, outputs } = network;
  const kept = new Set(Object.values(outputs));
  const lastReader = (place: number): number =>
    kept.has(place)
      ? layers.length
      : Math.max(
          place,
          ...layers.map((layer, at) => (layer.input === place || layer.add === place ? at : -1)),
        );
  let spans: Span[] = [];
  let bytes = base;
  const take = (length: number, now: number, until: number): number => {
    spans = spans.filter((span) => span.until >= now);
    const rounded = (length + 63) & ~63;
    let at = base;
    for (const span of spans) {
      if (at + rounded <= span.at) break;
      at = Math.max(at, span.at + span.bytes);
    }
    spans = [...spans, { at, bytes: rounded, until }].sort((first, second) => first.at - second.at);
    bytes = Math.max(bytes, at + rounded);
    return at;
  };
  const rgb = take(size.width * size.height * 3, -1, -1);
  const place = (width: number, height: number, channels: number, now: number): MapPlace => {
    // One row more than the border: the last tile of an odd side reads it, though nothing comes of it.
    const length = ((width + 2) * (height + 3) + 1) * channels * 4;
    return { width, height, channels, at: take(length, now, lastReader(now)) };
  };
  const image = place(size.width, size.height, IMAGE_CHANNELS, -1);
  const maps: MapPlace[] = [];
  for (const [now, layer] of layers.entries()) {
    const { width, height } = layer.input < 0 ? image : (maps[layer.input] as MapPlace);
    maps.push(
      place(
        Math.ceil(width / layer.stride),
        Math.ceil(height / layer.stride),
        storedChannels(layer.out),
        now,
      ),
    );
  }
  return { rgb, image, layers: maps, bytes };
}
