"""Slow clients on most of the connections that there are, none of which ends without another in its place, and a flood beside them."""

import collections
import os
import random
import threading
import time

import bodies
import flood
import wire
from service import Service

# with those of the flood, nearly as many as a heap of 256 MiB has
CROWD = int(os.environ.get("CROWD", "96"))


class Crowd:
    """Heads that come a byte a second, and small bodies that do."""

    def __init__(self, port, seconds):
        self.port = port
        self.end = time.monotonic() + seconds
        self.ends = collections.Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.crawl, args=(seed,)) for seed in range(CROWD)]
        for thread in self.threads:
            thread.start()

    def crawl(self, seed):
        body, generator = seed % 2 == 0, random.Random(seed)
        head = wire.post(b"", announced=100)[0] + b"{" if body else wire.get("/livez")[0][:-2] + b"X-Slow: "
        while time.monotonic() < self.end:
            connection = wire.Connection(self.port, timeout=30)
            try:
                connection.send(head)
                for _ in range(30):
                    time.sleep(0.5 + generator.random())
                    connection.send(b" ")
            except OSError:
                pass
            try:
                kind = connection.answer().kind()
            except (OSError, wire.Gone):
                kind = "closed"
            with self.lock:
                self.ends[f"{'body' if body else 'head'}: {kind}"] += 1
            connection.close()

    def join(self):
        for thread in self.threads:
            thread.join()
        return self.ends


def run():
    large = bodies.dense()
    with Service() as service:
        large.learn(service.port)
        flood.quiet(service.port, 3)
        before = service.heap()
        crowd = Crowd(service.port, flood.SECONDS)
        kinds, took, (times, small) = flood.flooded(service.port, large, flood.SECONDS, flood.CLIENTS)
        ends = crowd.join()
        service.settle()
        time.sleep(22)
        assert kinds["200"] and not kinds["200 but wrong"], kinds
        assert set(small) <= {"200", "503 overloaded"}, small
        assert service.memory_errors() == 0 and not service.bugs(), (service.bugs()[:3], kinds)
        return (
            f"{CROWD} slow clients ({flood.show(ends)}) beside {flood.CLIENTS} of {large.name} for {took:.0f} s: {flood.show(kinds)};"
            f" small requests: {flood.show(small)}, {flood.latency(times)}; heap before {before / 1024:.0f} MiB, after"
            f" {service.heap() / 1024:.0f}"
        )


if __name__ == "__main__":
    print(run())
