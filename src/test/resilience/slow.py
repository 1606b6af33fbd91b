"""Clients that trickle a byte a second, and clients that take their answers so, or not at all."""

import collections
import threading
import time

import bodies
import flood
import wire
from service import Service

# a heap of 256 MiB has 170 connections
TRICKLERS = 150
READERS = 50
COLUMNS = 1_000_000


def trickle(port, connections, seconds):
    """Sends a byte a second on each connection until it is answered or closed; how each ended, and when."""
    head, _ = wire.post(b"", announced=100_000)
    clients = [wire.Connection(port, timeout=10).open() for _ in range(connections)]
    for client in clients:
        client.send(head + b"{")
    ends, began = collections.Counter(), time.monotonic()
    times = []
    while clients and time.monotonic() - began < seconds:
        time.sleep(1)
        for client in clients[:]:
            try:
                client.send(b" ")
                client.socket.setblocking(False)
                ready = client.socket.recv(1, 2)  # MSG_PEEK
            except BlockingIOError:
                client.socket.settimeout(10)
                continue
            except OSError:
                ready = b""
            client.socket.settimeout(5)
            try:
                ends[client.answer().kind() if ready else "closed"] += 1
            except (OSError, wire.Gone):
                ends["closed"] += 1
            times.append(time.monotonic() - began)
            client.close()
            clients.remove(client)
    ends["still open"] += len(clients)
    for client in clients:
        client.close()
    return ends, max(times, default=0)


def run_tricklers():
    with Service() as service:
        flood.quiet(service.port, 3)
        before = service.state()
        calm, _ = flood.quiet(service.port, 5)
        result = []
        crowd = threading.Thread(target=lambda: result.append(trickle(service.port, TRICKLERS, 60)))
        crowd.start()
        time.sleep(2.5)
        reserved = service.reserved()
        times, kinds = flood.quiet(service.port, 3)
        crowd.join()
        ends, last = result[0]
        service.settle()
        time.sleep(21)  # idle connections end
        after = service.state()
        assert set(kinds) == {"200"}, kinds
        assert not service.bugs(), service.bugs()
        return (
            f"{TRICKLERS} uploads of a byte a second, {reserved / 2**20:.0f} MiB reserved: {flood.show(ends)}, the last after"
            f" {last:.0f} s; beside them {flood.show(kinds)}, {flood.latency(times)}, quiet {flood.latency(calm)};"
            f" reserved afterwards {service.reserved()}; before {before}, after {after}"
        )


def read_slowly(port, request, bytes_a_second, seconds):
    """Asks for a large answer and takes it slowly; how many seconds until the service gave up."""
    client = wire.Connection(port, receive_buffer=4096)
    head, body = request
    client.open()
    client.send(head)
    client.send(body)
    began = time.monotonic()
    client.socket.settimeout(2)
    first = client.socket.recv(12)
    if first != b"HTTP/1.1 200":
        client.close()
        return first[9:].decode(), time.monotonic() - began
    while time.monotonic() - began < seconds:
        time.sleep(1)
        try:
            if bytes_a_second and not client.socket.recv(bytes_a_second):
                break
        except TimeoutError:
            pass
        except OSError:
            break
        # without reading: whether the service has closed its end
        if not bytes_a_second and _is_closed(port, client.socket):
            break
    client.close()
    return "200, taken slowly", time.monotonic() - began


def _is_closed(port, connection):
    """Whether the other end of a loopback connection is closed: it is then gone from the kernel's table, or closing."""
    local = connection.getsockname()[1]
    with open("/proc/net/tcp6") as table6, open("/proc/net/tcp") as table4:
        for line in [*table6, *table4]:
            fields = line.split()
            if fields[1].endswith(f":{port:04X}") and fields[2].endswith(f":{local:04X}"):
                return fields[3] != "01"
    return True


def run_readers():
    with Service() as service:
        flood.quiet(service.port, 3)
        before = service.state()
        calm, _ = flood.quiet(service.port, 5)
        request = bodies.answer_of(COLUMNS)
        rows = []
        for rate, name in ((0, "never"), (1, "a byte a second")):
            kinds, held = collections.Counter(), []

            def reader():
                kind, took = read_slowly(service.port, request, rate, 90)
                kinds[kind] += 1
                if kind.startswith("200"):
                    held.append(took)

            threads = [threading.Thread(target=reader) for _ in range(READERS)]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            time.sleep(3)
            reserved = service.reserved()
            times, small = flood.quiet(service.port, 5)
            large = wire.ask(service.port, request)
            free = service.settle(100) and time.monotonic() - began
            for thread in threads:
                thread.join()
            assert set(small) == {"200"}, small
            rows.append(
                f"{READERS} answers of some 20 MB taken {name}: {flood.show(kinds)}, {reserved / 2**20:.0f} MiB reserved, all of"
                f" it back after {free:.0f} s; beside them {flood.show(small)}, {flood.latency(times)} (quiet"
                f" {flood.latency(calm)}), one more large request {large.kind()}"
            )
        time.sleep(21)
        assert not service.bugs(), service.bugs()
        rows.append(f"before {before}, after {service.state()}")
        return rows


if __name__ == "__main__":
    print("\n".join([run_tricklers(), *run_readers()]))
