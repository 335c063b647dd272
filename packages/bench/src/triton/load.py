"""NVIDIA's Python client under load, told by lines of JSON what to ask and for how long."""

import base64
import json
import math
import resource
import sys
import threading
import time

import numpy as np
import tritonclient.grpc as grpc

WARM_UP_S = 0.3


class Load:
    """So many threads that ask one after the other over one client, which is safe to share."""

    def __init__(self, target: str, model: str, batched: bool, jpeg: bytes, labels: list[str]) -> None:
        self._client = grpc.InferenceServerClient(target)
        self._model = model
        self._batch = (1,) if batched else ()
        self._jpeg = jpeg
        self._labels = [label.encode() for label in labels]

    def run(self, concurrency: int, seconds: float) -> dict[str, float]:
        """Asks for `seconds`, and says how often and how long it took, in milliseconds."""
        self._ask_for(concurrency, WARM_UP_S)
        started, cpu = time.perf_counter(), _cpu_seconds()
        times = self._ask_for(concurrency, seconds)
        elapsed, spent = time.perf_counter() - started, _cpu_seconds() - cpu
        times.sort()
        return {
            "inferencesPerSecond": len(times) / elapsed,
            "p50Ms": _percentile(times, 50),
            "p90Ms": _percentile(times, 90),
            "p99Ms": _percentile(times, 99),
            "cpuMsPerInference": spent * 1000 / len(times),
        }

    def _ask_for(self, concurrency: int, seconds: float) -> list[float]:
        times: list[list[float]] = [[] for _ in range(concurrency)]
        ends = time.perf_counter() + seconds
        threads = [threading.Thread(target=self._ask_until, args=(ends, mine)) for mine in times]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [one for mine in times for one in mine]

    def _ask_until(self, ends: float, times: list[float]) -> None:
        while (begun := time.perf_counter()) < ends:
            image = grpc.InferInput("image", [*self._batch, 1], "BYTES")
            image.set_data_from_numpy(np.array([self._jpeg], np.object_).reshape(*self._batch, 1))
            labels = grpc.InferInput("labels", [*self._batch, len(self._labels)], "BYTES")
            labels.set_data_from_numpy(np.array(self._labels, np.object_).reshape(*self._batch, -1))
            answer = self._client.infer(self._model, [image, labels])
            for name in ("label", "score", "raw", "box", "unknown"):
                answer.as_numpy(name)
            times.append((time.perf_counter() - begun) * 1000)


def _percentile(ascending: list[float], percent: float) -> float:
    """The nearest rank, as our own client's process counts."""
    return ascending[max(1, math.ceil(percent / 100 * len(ascending))) - 1]


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    request = json.loads(sys.stdin.readline())
    load = Load(**{**request, "jpeg": base64.b64decode(request["jpeg"])})
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(load.run(**json.loads(line))), flush=True)


main()
