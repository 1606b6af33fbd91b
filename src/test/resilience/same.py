"""Large JSON whose numbers are hard to read, again and again, among requests that are wrong: the same body must have the same
answer to the byte, on a fresh JVM and on one that has compiled and recompiled everything. same.py PORT SECONDS asks one that runs."""

import collections
import itertools
import os
import random
import sys
import threading
import time

import bodies
import soak
import wire
from service import Service

JVMS = int(os.environ.get("JVMS", "3"))
SECONDS = float(os.environ.get("SECONDS", "60"))
SIZE = 8 << 20
CLASSES = 100


def _halfway(generator):
    """Between two float64 numbers near 1, to the last digit: what is read quickly cannot decide it."""
    return f"{(1 + generator.randrange(1 << 52) * 2**-52):.52f}"[:2] + str(generator.randrange(10**53)).zfill(53)


def _subnormal(generator):
    return f"{generator.randrange(1, 1 << 51)}e-{generator.randrange(325, 339)}"


def _long(generator):
    return f"{generator.uniform(-9, 9):.{generator.randrange(17, 40)}f}"


KINDS = {
    "one subnormal": lambda generator: "1e-310",
    "subnormals": _subnormal,
    "halves": _halfway,
    "long": _long,
    "ordinary": lambda generator: f"{generator.uniform(-9, 9):.8f}",
}


def requests():
    """Bodies of each kind and dtype by their names; one row is repeated, which takes the reader no less."""
    found = {}
    for (name, make), dtype in itertools.product(KINDS.items(), ("float64", "float32")):
        generator = random.Random(name)
        row = "[" + ",".join(make(generator) for _ in range(CLASSES)) + "]"
        rows = SIZE // (len(row) + 3)
        body = (
            f'{{"dtype":"{dtype}","return_gradient":false,"input":[' + ",".join([row] * rows) + '],"label":['
            + ",".join(["0"] * rows) + "]}"
        )
        found[f"{name}, {dtype}"] = wire.post(body.encode())
    return found


class Same:
    """Two clients with large bodies, two with small ones, one whose requests are wrong."""

    def __init__(self, port, seconds, large):
        self.port = port
        self.end = time.monotonic() + seconds
        self.large = large
        self.expected = {}
        self.kinds = collections.Counter()
        self.differences = []
        self.lock = threading.Lock()
        actors = [self.send_large] * 2 + [self.send_small] * 2 + [self.send_bad]
        self.threads = [threading.Thread(target=actor, args=(n,)) for n, actor in enumerate(actors)]
        for thread in self.threads:
            thread.start()

    def check(self, name, answer, status=200):
        with self.lock:
            self.kinds[name] += 1
            if answer.status == 503:
                return
            first = self.expected.setdefault(name, answer.body if status == 200 else None)
            if answer.status != status or (status == 200 and answer.body != first):
                self.differences.append(f"{name}, number {self.kinds[name]}: {answer.status} {answer.body[:2000]}")

    def send_large(self, seed):
        connection, generator = wire.Connection(self.port), random.Random(seed)
        while time.monotonic() < self.end:
            name = generator.choice(list(self.large))
            self.check(name, connection.exchange(self.large[name]))

    def send_small(self, _):
        connection = wire.Connection(self.port)
        while time.monotonic() < self.end:
            self.check("small", connection.exchange(bodies.SMALL))
            time.sleep(0.002)

    def send_bad(self, seed):
        generator, bad = random.Random(seed), soak.bad_requests()
        large = next(iter(self.large.values()))[1]
        bad["400 malformed_json, late"] = wire.post(large[:-1])
        bad["422 wrong_type, late"] = wire.post(large[:-3] + b'"0"]}')
        while time.monotonic() < self.end:
            name = generator.choice(list(bad))
            self.check(name, wire.ask(self.port, bad[name]), int(name[:3]))
            time.sleep(0.01)

    def join(self):
        for thread in self.threads:
            thread.join()
        return self


def run():
    large, found = requests(), []
    for _ in range(JVMS):
        with Service() as service:
            same = Same(service.port, SECONDS, large).join()
            assert not same.differences, "\n".join(same.differences[:5])
            assert not service.bugs(), service.bugs()[:5]
            found.append(same.kinds)
    total = sum(found, collections.Counter())
    asked = sum(total[name] for name in large)
    return f"{JVMS} JVMs, {SECONDS:g} s each: {asked} large bodies of {len(large)} kinds and {total.total() - asked} others, all answers the same"


if __name__ == "__main__":
    done = Same(int(sys.argv[1]), float(sys.argv[2]), requests()).join()
    print(dict(done.kinds))
    print("\n".join(done.differences[:5]) or "all answers the same")
    sys.exit(bool(done.differences))
