import { CameraQueues } from "./camera-queues.ts";
import type { Drop, FramePolicy, PolicyDescription } from "./frame-policy.ts";
import type { SimFrame } from "./trace.ts";

/**
 * How comparable systems choose frames, written from their descriptions. Only the choice is modelled: a system as a
 * whole does more, and none of them promises freshness with many cameras on one slow recognizer.
 */
export const PUBLISHED_POLICIES: readonly PolicyDescription[] = [
  {
    name: "fifo-32-trim",
    description: "CNAP: one list for all cameras, first in first out, trimmed to the last 32 after each take",
    create: (_cameras, drop) => new TrimmedList(drop),
  },
  {
    name: "two-slots-drop-newest",
    description: "Frigate, Viseron: two slots a camera, what finds them full is dropped; cameras take turns",
    create: (cameras, drop) => new BoundedQueues(cameras, { slots: 2, whenFull: "drop-newest", drop }),
  },
  {
    name: "ten-slots-drop-oldest",
    description:
      "Vision-Agents: ten slots a camera, the oldest is dropped when full, read first in first out",
    create: (cameras, drop) => new BoundedQueues(cameras, { slots: 10, whenFull: "drop-oldest", drop }),
  },
  {
    name: "every-30th-skip-if-busy",
    description: "live-vlm-webui: every 30th frame of a camera, skipped where the recognizer is busy",
    create: (_cameras, drop) => new EveryNth(drop),
  },
  {
    name: "ttl-2s",
    description:
      "Viseron: one queue of 100 for all cameras, the oldest dropped when full, frames above 2 s not begun",
    create: (_cameras, drop) => new TimeToLive(drop),
  },
  {
    name: "freshest-batch-500ms",
    description:
      "Roboflow: the newest frame of each camera, dropped above 0.5 s, collected as one batch; run here one by one",
    create: (cameras, drop) => new FreshestBatch(cameras, drop),
  },
  {
    name: "bullmq-fifo",
    description: "BullMQ as it comes: the frame is the job, first in first out, nothing dropped",
    create: () => new Unbounded(),
  },
  {
    name: "bullmq-keep-last-if-active",
    description:
      "BullMQ deduplication by camera with keepLastIfActive: a newer frame replaces nothing while the job waits, " +
      "and is kept for afterwards while it is active",
    create: (_cameras, drop) => new KeepLastIfActive(drop),
  },
];

class TrimmedList implements FramePolicy {
  readonly #drop: Drop;
  #list: SimFrame[] = [];

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    this.#list.push(frame);
  }

  next(): SimFrame | undefined {
    const frame = this.#list.shift();
    const surplus = Math.max(0, this.#list.length - 32);
    for (const trimmed of this.#list.slice(0, surplus)) this.#drop(trimmed, "trimmed");
    this.#list = this.#list.slice(surplus);
    return frame;
  }

  waiting(): readonly SimFrame[] {
    return this.#list;
  }
}

interface BoundedQueuesOptions {
  readonly slots: number;
  readonly whenFull: "drop-newest" | "drop-oldest";
  readonly drop: Drop;
}

class BoundedQueues implements FramePolicy {
  readonly #queues: CameraQueues;
  readonly #options: BoundedQueuesOptions;

  constructor(cameras: number, options: BoundedQueuesOptions) {
    this.#queues = new CameraQueues(cameras);
    this.#options = options;
  }

  arrive(frame: SimFrame): void {
    const { slots, whenFull, drop } = this.#options;
    const queue = this.#queues.of(frame.camera);
    if (queue.length >= slots) {
      if (whenFull === "drop-newest") return drop(frame, "full");
      const oldest = queue.shift();
      if (oldest) drop(oldest, "full");
    }
    queue.push(frame);
  }

  next(): SimFrame | undefined {
    return this.#queues.takeInTurn();
  }

  waiting(): readonly SimFrame[] {
    return this.#queues.all();
  }
}

class EveryNth implements FramePolicy {
  readonly #drop: Drop;
  #chosen: SimFrame | undefined;

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame, busy: boolean): void {
    if (frame.sequence % 30 !== 0) this.#drop(frame, "not-the-nth");
    else if (busy) this.#drop(frame, "busy");
    else this.#chosen = frame;
  }

  next(): SimFrame | undefined {
    const frame = this.#chosen;
    this.#chosen = undefined;
    return frame;
  }

  waiting(): readonly SimFrame[] {
    return this.#chosen ? [this.#chosen] : [];
  }
}

class TimeToLive implements FramePolicy {
  readonly #drop: Drop;
  readonly #queue: SimFrame[] = [];

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    if (this.#queue.length >= 100) {
      const oldest = this.#queue.shift();
      if (oldest) this.#drop(oldest, "full");
    }
    this.#queue.push(frame);
  }

  next(nowMs: number): SimFrame | undefined {
    for (let frame = this.#queue.shift(); frame; frame = this.#queue.shift()) {
      if (nowMs - frame.capturedAtMs <= 2_000) return frame;
      this.#drop(frame, "too-old");
    }
    return undefined;
  }

  waiting(): readonly SimFrame[] {
    return this.#queue;
  }
}

class FreshestBatch implements FramePolicy {
  readonly #drop: Drop;
  readonly #newest: (SimFrame | undefined)[];
  #batch: SimFrame[] = [];

  constructor(cameras: number, drop: Drop) {
    this.#newest = Array.from({ length: cameras });
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    const older = this.#newest[frame.camera];
    if (older) this.#drop(older, "superseded");
    this.#newest[frame.camera] = frame;
  }

  next(nowMs: number): SimFrame | undefined {
    if (this.#batch.length === 0) this.#collect(nowMs);
    return this.#batch.shift();
  }

  #collect(nowMs: number): void {
    for (const [camera, frame] of this.#newest.entries()) {
      if (!frame) continue;
      if (nowMs - frame.capturedAtMs <= 500) this.#batch.push(frame);
      else this.#drop(frame, "too-old");
      this.#newest[camera] = undefined;
    }
  }

  waiting(): readonly SimFrame[] {
    return [...this.#batch, ...this.#newest.filter((frame) => frame !== undefined)];
  }
}

class Unbounded implements FramePolicy {
  readonly #queue: SimFrame[] = [];
  #taken = 0;

  arrive(frame: SimFrame): void {
    this.#queue.push(frame);
  }

  next(): SimFrame | undefined {
    const frame = this.#queue[this.#taken];
    if (frame) this.#taken += 1;
    return frame;
  }

  waiting(): readonly SimFrame[] {
    return this.#queue.slice(this.#taken);
  }
}

class KeepLastIfActive implements FramePolicy {
  readonly #drop: Drop;
  readonly #jobs: SimFrame[] = [];
  readonly #inQueue = new Set<number>();
  /** The camera whose job is active, and the newest frame that came meanwhile. */
  #active: number | undefined;
  #last: SimFrame | undefined;

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    if (this.#inQueue.has(frame.camera)) this.#drop(frame, "job-waits");
    else if (frame.camera === this.#active) {
      if (this.#last) this.#drop(this.#last, "superseded");
      this.#last = frame;
    } else this.#add(frame);
  }

  #add(frame: SimFrame): void {
    this.#jobs.push(frame);
    this.#inQueue.add(frame.camera);
  }

  /** Being asked for the next means that the active one is finished. */
  next(): SimFrame | undefined {
    this.#active = undefined;
    if (this.#last) this.#add(this.#last);
    this.#last = undefined;
    const frame = this.#jobs.shift();
    if (frame) {
      this.#inQueue.delete(frame.camera);
      this.#active = frame.camera;
    }
    return frame;
  }

  waiting(): readonly SimFrame[] {
    return this.#last ? [...this.#jobs, this.#last] : this.#jobs;
  }
}
