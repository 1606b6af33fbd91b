"""Requests that take longer than they may: while they are read, and in the middle of one wide row."""

import bodies
import wire
from service import Service

WIDE = 8 << 20


def run():
    rows = []
    for deadline in ("100ms", "1s"):
        with Service(f"--loss.admission.deadline={deadline}") as service:
            # a power this large is computed exactly, number by number
            zeros = ",".join(["0"] * WIDE)
            slow = f'{{"p":2147483647,"margin":1e-9,"return_gradient":true,"input":[[{zeros}]],"label":[0]}}'.encode()
            for name, request in (("8 million wide, p of 2^31 - 1", wire.post(slow)), ("digits", bodies.digits().request)):
                answer, took = wire.timed(lambda: wire.ask(service.port, request))
                rows.append(f"deadline {deadline}: {name}: {answer.kind()} after {took:.2f} s")
            small = wire.ask(service.port, bodies.SMALL)
            assert small.kind() == "200"
            service.settle()
            assert not service.bugs(), service.bugs()
    return rows


if __name__ == "__main__":
    print("\n".join(run()))
