/** The formats that can be read and written. Apart from the rest, so that a command line can list them in no time. */
export const FORMATS = ["folders", "imagefolder", "coco", "voc", "llava", "sharegpt", "ms-swift"] as const;
export type Format = (typeof FORMATS)[number];

/** How the answers of a conversation name boxes. */
export const BOX_STYLES = ["pixels", "qwen2-vl", "qwen2.5-vl"] as const;
export type BoxStyle = (typeof BOX_STYLES)[number];
