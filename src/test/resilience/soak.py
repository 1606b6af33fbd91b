"""Ten minutes of good, bad, aborted and slow traffic: what must stay flat is looked at every minute."""

import collections
import os
import random
import threading
import time

import aborts
import bodies
import flood
import wire
from service import Service

MINUTES = float(os.environ.get("MINUTES", "10"))


def bad_requests():
    """Requests that are wrong, and how they must be answered."""
    return {
        "400 malformed_json": wire.post(b'{"input":[[1,2'),
        "422 out_of_range": wire.post(b'{"input":[[1,2]],"label":[7]}'),
        "422 unknown_field": wire.post(b'{"input":[[1,2]],"label":[0],"wieght":1}'),
        "415 unsupported_media_type": wire.post(b"a=1", media="text/plain"),
        "404 not_found": wire.post(b"{}", path="/v1/nowhere"),
        "400 malformed_npz": wire.post(b"PK not a zip file", wire.TENSORS, wire.NPZ),
        "413 too_large": wire.post(b"", announced=1 << 30),
    }


class Soak:
    def __init__(self, port, seconds):
        self.port = port
        self.end = time.monotonic() + seconds
        self.kinds = collections.Counter()
        self.wrong = collections.Counter()
        self.lock = threading.Lock()
        self.large = [bodies.medium().learn(port), bodies.npz().learn(port), bodies.digits().learn(port)]
        actors = [self.good] * 4 + [self.bad] * 2 + [self.abort] * 2 + [self.slow] * 4 + [self.send_large] * 3
        self.threads = [threading.Thread(target=actor, args=(n,)) for n, actor in enumerate(actors)]
        for thread in self.threads:
            thread.start()

    def note(self, kind, *allowed):
        with self.lock:
            self.kinds[kind] += 1
            if kind not in allowed:
                self.wrong[kind] += 1

    def good(self, _):
        connection = wire.Connection(self.port)
        while time.monotonic() < self.end:
            self.note(connection.exchange(bodies.SMALL).kind(), "200")
            time.sleep(0.005)

    def bad(self, seed):
        generator, requests = random.Random(seed), bad_requests()
        while time.monotonic() < self.end:
            kind = generator.choice(list(requests))
            self.note(wire.ask(self.port, requests[kind]).kind(), kind)
            time.sleep(0.01)

    def abort(self, seed):
        generator = random.Random(seed)
        while time.monotonic() < self.end:
            aborts.abort(self.port, generator)
            self.note("aborted", "aborted")
            time.sleep(0.02)

    def slow(self, _):
        head, _ = wire.post(b"", announced=100_000)
        while time.monotonic() < self.end:
            connection = wire.Connection(self.port)
            connection.send(head)
            try:
                for _ in range(20):
                    connection.send(b" ")
                    time.sleep(1)
            except OSError:
                pass
            try:
                self.note(connection.answer().kind(), "503 deadline_exceeded")
            except (OSError, wire.Gone):
                self.note("a crawling upload was closed", "a crawling upload was closed")
            connection.close()

    def send_large(self, number):
        connection = wire.Connection(self.port)
        large = self.large[number % len(self.large)]
        while time.monotonic() < self.end:
            self.note(connection.exchange(large.request, large.expected).kind(), "200", "503 overloaded")
            time.sleep(0.2)

    def join(self):
        for thread in self.threads:
            thread.join()


def run():
    with Service() as service:
        Soak(service.port, 30).join()
        soak = Soak(service.port, MINUTES * 60)
        states = []
        while time.monotonic() + 30 < soak.end:
            time.sleep(60)
            states.append(service.state())
        soak.join()
        service.settle()
        time.sleep(22)
        states.append(service.state())
        assert not service.bugs() and service.memory_errors() == 0, service.bugs()[:5]
        return [
            f"{MINUTES:g} minutes: {flood.show(soak.kinds)}; unexpected: {dict(soak.wrong)}",
            *(
                f"{what} each minute, and at rest: {', '.join(str(state[what]) for state in states)}"
                for what in ("heap", "threads", "descriptors")
            ),
        ]


if __name__ == "__main__":
    print("\n".join(run()))
