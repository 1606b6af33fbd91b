"""Clients that go away: in the header, in the body, while their request is computed, while they read the answer."""

import os
import random
import struct
import threading
import time
import socket

import bodies
import flood
import wire
from service import Service

COUNT = int(os.environ.get("ABORTS", "10000"))
CLIENTS = 16
MEDIUM = bodies.answer_of(20_000)


def abort(port, generator):
    """One client that goes away, half of them with a reset."""
    client = wire.Connection(port, timeout=30, receive_buffer=generator.choice((None, 4096)))
    head, body = MEDIUM
    where = generator.randrange(4)
    client.open()
    try:
        if where == 0:
            client.send(head[: generator.randrange(1, len(head))])
        elif where == 1:
            client.send(head + body[: generator.randrange(len(body))])
        else:
            client.send(head + body)
            if where == 2:
                time.sleep(generator.random() * 0.01)
            else:
                client.socket.recv(generator.randrange(1, 10_000))
    except OSError:
        pass
    if generator.random() < 0.5:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def many(port, count, seed):
    def work(worker):
        generator = random.Random(f"{seed} {worker}")
        for _ in range(count // CLIENTS):
            abort(port, generator)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run():
    with Service() as service:
        many(service.port, 500, "warm")
        flood.quiet(service.port, 3)
        time.sleep(22)
        before = service.state()
        calm, _ = flood.quiet(service.port, 5)
        _, took = wire.timed(lambda: many(service.port, COUNT, "run"))
        free = service.settle()
        time.sleep(22)
        after = service.state()
        later, kinds = flood.quiet(service.port, 5)
        assert set(kinds) == {"200"}, kinds
        assert not service.bugs(), service.bugs()[:5]
        assert wire.ask(service.port, MEDIUM).status == 200
        return (
            f"{COUNT} aborted in {took:.0f} s; nothing reserved {free:.1f} s later; before {before}, after {after};"
            f" small requests before {flood.latency(calm)}, after {flood.latency(later)}"
        )


if __name__ == "__main__":
    print(run())
