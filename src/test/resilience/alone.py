"""The largest requests, one at a time."""

import bodies
import wire
from service import Service


def run():
    with Service() as service:
        rows = []
        for large in (bodies.digits(), bodies.dense(), bodies.npz()):
            large.learn(service.port)
            times = []
            for _ in range(5):
                answer, took = wire.timed(lambda: wire.ask(service.port, large.request, large.expected))
                assert answer.kind() == "200", answer.kind()
                times.append(took)
            rows.append(
                f"{large.name}: {len(large.request[1]) / 2**20:.1f} MiB, answer {len(large.expected) / 2**20:.1f} MiB,"
                f" 5 of 5 right, median {sorted(times)[2]:.2f} s"
            )
        assert service.memory_errors() == 0, service.bugs()
        return rows


if __name__ == "__main__":
    print("\n".join(run()))
