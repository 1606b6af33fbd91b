"""SIGTERM under load: requests are answered until the port is closed, and each answer ends its connection; none is lost."""

import collections
import os
import random
import signal
import threading
import time

import bodies
import wire
from service import Service

REPETITIONS = int(os.environ.get("REPETITIONS", "20"))


class Load:
    """Clients of several kinds, until the port is closed. Counts how requests ended, before and after the signal."""

    def __init__(self, port, clients, medium):
        self.port = port
        self.medium = medium
        self.signalled = None
        self.kinds = collections.Counter()
        self.let_in = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.client, args=(n % 3,)) for n in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self, kind):
        connection = wire.Connection(self.port, timeout=60)
        request, expected = (bodies.SMALL, None) if kind < 2 else (self.medium.request, self.medium.expected)
        while True:
            if kind == 1:
                connection.close()
            began = time.monotonic()
            try:
                answer = connection.exchange(request, expected)
                outcome = answer.kind()
                if self.signalled is not None and began > self.signalled + 0.5:
                    assert answer.fields.get("connection") == "close", answer.fields
            except wire.Gone as error:
                outcome = f"no answer ({error})"
            except AssertionError as error:
                outcome = f"not as the contract has it: {error}"
            at = self.signalled
            when = "before" if at is None else "under way" if began < at else "new"
            with self.lock:
                self.kinds[when, outcome] += 1
            if "refused" in outcome and when == "new":
                return
            time.sleep(0.005 if kind < 2 else 0)

    def join(self):
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive()


def readiness(port, began, result):
    """When /readyz began to say no, and when the port was closed, in seconds after the signal."""
    while True:
        try:
            answer = wire.ask(port, wire.get("/readyz"), timeout=5)
            if answer.status == 503:
                result.setdefault("unready", time.monotonic() - began)
        except wire.Gone as error:
            if "refused" in str(error):
                result["closed"] = time.monotonic() - began
                return
        time.sleep(0.01)


def once(number, medium):
    generator = random.Random(number)
    with Service() as service:
        if medium.expected is None:
            medium.learn(service.port)
        idle = wire.Connection(service.port)
        idle.exchange(bodies.SMALL)
        load = Load(service.port, generator.choice((3, 6, 12, 24, 48)), medium)
        time.sleep(1 + generator.random())
        began = load.signalled = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        times = {}
        watch = threading.Thread(target=readiness, args=(service.port, began, times))
        watch.start()
        # a connection that was idle is used again after readiness went
        time.sleep(0.5)
        answer = idle.exchange(bodies.SMALL)
        assert answer.kind() == "200" and answer.fields["connection"] == "close", (answer.kind(), answer.fields)
        watch.join()
        service.process.wait(60)
        times["exit"] = time.monotonic() - began
        load.join()
        # 143: ended by SIGTERM
        assert service.process.returncode == 143 and not service.bugs(), (service.process.returncode, service.bugs())
        return load.kinds, times


def run():
    medium = bodies.medium()
    kinds, all_times = collections.Counter(), []
    for number in range(REPETITIONS):
        some, times = once(number, medium)
        kinds += some
        all_times.append(times)
    rows = [
        f"{when}: " + ", ".join(f"{count} × {kind}" for (w, kind), count in kinds.most_common() if w == when)
        for when in ("before", "under way", "new")
    ]
    for name in ("unready", "closed", "exit"):
        values = [times[name] for times in all_times if name in times]
        rows.append(f"{name} after {min(values):.2f} to {max(values):.2f} s ({len(values)} of {REPETITIONS})")
    return rows


if __name__ == "__main__":
    print("\n".join(run()))
