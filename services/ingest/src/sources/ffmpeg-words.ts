import type { ChildEnd } from "./child-pictures.ts";

/**
 * What ffmpeg said, as one sentence. Its texts are matched here and nowhere else; the second entry may use the name of
 * the camera's source.
 */
const MEANINGS: readonly (readonly [RegExp, (source: string) => string])[] = [
  [
    /Unrecognized option|Unknown keyword/i,
    () => "this ffmpeg is older than 5.1, so cameras cannot be decoded: install a newer one",
  ],
  [/matches no streams/i, (source) => `${source} has no video stream: choose a file or address with video`],
  [/No such file or directory/i, (source) => `${source} does not exist: check the path in show.yaml`],
  [
    /Permission denied|Operation not permitted/i,
    (source) => `${source} may not be read by this user: change its permissions`,
  ],
  [/Is a directory/i, (source) => `${source} is a folder, not a video: use folder: for pictures`],
  [
    /401 Unauthorized|403 Forbidden|authorization failed/i,
    (source) => `${source} refuses the user name or password: check them in show.yaml`,
  ],
  [
    /404 (?:Stream )?Not Found/i,
    (source) => `${source} does not exist on that camera: check the path of the address`,
  ],
  [
    /Connection refused/i,
    (source) => `nothing answers at ${source}: is the camera on, and is the address right?`,
  ],
  [
    /No route to host|Network is unreachable|timed out/i,
    (source) => `${source} cannot be reached: check the network and the address`,
  ],
  [/Device or resource busy/i, (source) => `${source} is used by another program: close that first`],
  [
    /No such device|not a (?:video )?capture device|Inappropriate ioctl/i,
    (source) => `${source} is not a webcam that works: check the device in show.yaml`,
  ],
  [
    /Picture size .* is invalid|max_pixels/i,
    (source) => `${source} has larger pictures than are taken: make them smaller`,
  ],
  [
    /Invalid data found|moov atom not found|could not find codec parameters|Error opening input/i,
    (source) => `${source} is not a video that can be read: is the file whole and really a video?`,
  ],
  [
    /Unknown input format: '?v4l2|Unknown input format/i,
    () => "this ffmpeg cannot read webcams: install one with V4L2 support, or use the console's camera page",
  ],
];

/** One sentence about why ffmpeg ended. */
export function ffmpegProblem({ code, signal, words }: ChildEnd, source: string): string {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(words))?.[1];
  if (meaning) return meaning(source);
  if (signal) return `the decoder of ${source} was ended by ${signal} and is started again`;
  return `the decoder of ${source} ended with code ${code} and is started again`;
}

/** The size of the pictures that ffmpeg reads, from its description of the input. */
export function inputSize(words: string): { width: number; height: number } | undefined {
  const [, width, height] = /Stream #0:\d+.*?: Video: .*?,\s(\d{2,5})x(\d{2,5})[\s,]/.exec(words) ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}
