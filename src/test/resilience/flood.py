"""Sixty-four clients that send the largest bodies without a pause, and small requests beside them."""

import collections
import multiprocessing
import os
import threading
import time

import bodies
import wire
from service import Service

CLIENTS = 64
SECONDS = float(os.environ.get("SECONDS_OF_FLOOD", "60"))
FLOODS = os.environ.get("FLOODS", "digits dense npz").split()
PAUSE = 0.01


def probe(port, seconds, results):
    """Sends small requests on one connection, a pause after each, in a process of its own."""
    connection = wire.Connection(port)
    times, kinds = [], collections.Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer, took = wire.timed(lambda: connection.exchange(bodies.SMALL))
        times.append(took)
        kinds[answer.kind()] += 1
        time.sleep(PAUSE)
    results.put((times, kinds))


class Probes:
    """Two processes that measure small requests."""

    def __init__(self, port, seconds):
        self.results = multiprocessing.Queue()
        self.processes = [
            multiprocessing.Process(target=probe, args=(port, seconds, self.results), daemon=True) for _ in range(2)
        ]
        for process in self.processes:
            process.start()

    def finish(self):
        times, kinds = [], collections.Counter()
        for _ in self.processes:
            some, counted = self.results.get(timeout=120)
            times += some
            kinds += counted
        for process in self.processes:
            process.join()
        return times, kinds


def quiet(port, seconds):
    return Probes(port, seconds).finish()


def flooded(port, large, seconds, clients):
    """Floods for some seconds; how each request ended, how long until the last one did, and the small ones' share."""
    kinds, lock, end = collections.Counter(), threading.Lock(), time.monotonic() + seconds

    def client():
        connection = wire.Connection(port)
        while time.monotonic() < end:
            try:
                answer = connection.exchange(large.request, large.expected)
                kind = answer.kind()
                wait = float(answer.fields.get("retry-after", 0)) if answer.status == 503 else 0
            except wire.Gone as error:
                kind, wait = f"no answer: {error}", 0
            with lock:
                kinds[kind] += 1
            time.sleep(wait)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    probes = Probes(port, seconds)
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return kinds, time.monotonic() - began, probes.finish()


def latency(times):
    return f"p50 {wire.percentile(times, 0.5) * 1e3:.1f} ms, p99 {wire.percentile(times, 0.99) * 1e3:.1f} ms"


def show(kinds):
    return ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())


def run():
    rows = []
    for name in FLOODS:
        large = getattr(bodies, name)()
        with Service() as service:
            large.learn(service.port)
            quiet(service.port, 3)
            calm, _ = quiet(service.port, 10)
            alone, took, _ = flooded(service.port, large, SECONDS / 6, 1)
            unloaded = alone["200"] / took
            kinds, took, (times, small) = flooded(service.port, large, SECONDS, CLIENTS)
            assert set(small) == {"200"} or set(small) <= {"200", "503 overloaded"}, small
            rows.append(
                f"{large.name}: {show(kinds)}; goodput {kinds['200'] / took:.2f}/s, one client alone {unloaded:.2f}/s;"
                f" small requests: {show(small)}, {latency(times)}, quiet {latency(calm)},"
                f" p99 × {wire.percentile(times, 0.99) / wire.percentile(calm, 0.99):.1f}"
            )
            assert kinds["200"] and not kinds["200 but wrong"], kinds
            assert service.memory_errors() == 0 and not service.bugs(), service.bugs()[:3]
            service.settle()
    return rows


if __name__ == "__main__":
    print("\n".join(run()))
