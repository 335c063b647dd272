import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Bucket bounds for ages and latencies of the live path, in seconds: fine where the goals lie. */
const LATENCY_BUCKETS_S = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.04, 0.06, 0.1, 0.15, 0.25, 0.4, 0.6, 1, 1.5, 2.5,
  5, 10,
];

/** One service's Prometheus metrics. Names get the prefix `followspot_<service>_`. */
export class Metrics {
  readonly registry = new Registry();
  readonly #prefix: string;

  constructor(service: string) {
    this.#prefix = `followspot_${service.replaceAll("-", "_")}_`;
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({
      name: this.#prefix + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({
      name: this.#prefix + name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
  }

  /** Seconds. */
  latency<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({
      name: this.#prefix + name,
      help,
      labelNames: [...labelNames],
      buckets: LATENCY_BUCKETS_S,
      registers: [this.registry],
    });
  }
}
