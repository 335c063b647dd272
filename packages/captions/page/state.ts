/** What the server says; see packages/captions/src/page/caption-server.ts. */
export interface Flag {
  readonly about: string;
  readonly text: string;
  readonly confirm: boolean;
}

export interface Draft {
  readonly id: string;
  readonly fileName: string;
  readonly pictureUrl: string;
  readonly framed: readonly string[];
  readonly old: string;
  readonly caption: string;
  readonly seen: string;
  readonly identity: string;
  readonly flags: readonly Flag[];
}

export interface State {
  readonly show: string;
  readonly counts: {
    readonly open: number;
    readonly accepted: number;
    readonly refused: number;
    readonly changed: number;
    readonly failed: number;
  };
  readonly skipped: number;
  readonly draft: Draft | null;
  readonly ahead: readonly string[];
  readonly decided?: "written" | "refused" | "confirm" | "changed" | "gone";
}
