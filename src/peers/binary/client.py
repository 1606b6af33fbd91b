"""Posts one batch to several servers in turn, over two connections, and prints what each answered per second.

    client.py PORT PID PEER_PORT PEER_PID [ROUNDS [SECONDS]]

PID are the servers' processes, whose CPU time is read from /proc. Needs numpy and safetensors.
"""

import concurrent.futures
import io
import json
import os
import socket
import statistics
import sys
import time

import numpy as np
import safetensors.numpy

ROWS, COLUMNS = 1024, 1000


def request(port, path, kind, body):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection:
    def __init__(self, port):
        self.port = port
        self.buffer = memoryview(bytearray(1 << 20))
        self.open()

    def open(self):
        self.socket = socket.create_connection(("localhost", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(20)

    def receive(self, start, end):
        read = self.socket.recv_into(self.buffer[start:end])
        if read == 0:
            raise ConnectionError("closed in the middle of an answer")
        return read

    def exchange(self, request):
        """Sends a request and reads the whole answer, whose bytes are dropped."""
        self.socket.sendall(request)
        read = self.receive(0, None)
        while b"\r\n\r\n" not in self.buffer[:read].tobytes():
            read += self.receive(read, None)
        head, _, rest = self.buffer[:read].tobytes().partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"answered {head.decode()}\n{rest[:500].decode(errors='replace')}")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if b"content-length" in fields:
            left = int(fields[b"content-length"]) - len(rest)
            while left > 0:
                left -= self.receive(0, left)
        else:
            tail = rest
            while not tail.endswith(b"0\r\n\r\n"):
                read = self.receive(0, None)
                tail = (tail + self.buffer[max(0, read - 5) : read].tobytes())[-5:]
        # Tomcat ends a connection after a hundred requests
        if fields.get(b"connection") == b"close":
            self.socket.close()
            self.open()


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(port, pid, request, seconds):
    counts = [0, 0]
    end = time.monotonic() + seconds

    def loop(worker):
        connection = Connection(port)
        while time.monotonic() < end:
            connection.exchange(request)
            counts[worker] += 1

    cpu, start = cpu_seconds(pid), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for result in [pool.submit(loop, worker) for worker in range(2)]:
            result.result()
    elapsed, used = time.monotonic() - start, cpu_seconds(pid) - cpu
    return sum(counts) / elapsed, sum(counts) / used


def main():
    port, pid, peer_port, peer_pid = map(int, sys.argv[1:5])
    rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 5
    seconds = float(sys.argv[6]) if len(sys.argv) > 6 else 2
    random = np.random.default_rng(1)
    scores = random.standard_normal((ROWS, COLUMNS), dtype=np.float32)
    label = random.integers(0, COLUMNS, ROWS)
    npz = io.BytesIO()
    np.savez(npz, input=scores, label=label)
    tensors = safetensors.numpy.save({"input": scores, "label": label})
    text = json.dumps({"input": [[float(f"{x:.9g}") for x in row] for row in scores], "label": label.tolist()})
    route = "/v1/losses/multi-margin"
    targets = {
        "json": (port, pid, request(port, route, "application/json", text.encode())),
        "npz": (port, pid, request(port, route + "/tensors", "application/x-npz", npz.getvalue())),
        "safetensors": (port, pid, request(port, route + "/tensors", "application/vnd.safetensors", tensors)),
        "echo": (port, pid, request(port, "/echo", "application/octet-stream", tensors)),
        "fastapi": (
            peer_port,
            peer_pid,
            request(
                peer_port,
                f"/?rows={ROWS}&columns={COLUMNS}",
                "application/octet-stream",
                scores.tobytes() + label.tobytes(),
            ),
        ),
    }
    results = {name: [] for name in targets}
    for number in range(rounds + 2):
        for name, target in targets.items():
            result = run(*target, seconds)
            if number >= 2:
                results[name].append(result)
    second = {name: statistics.median(r[0] for r in all) for name, all in results.items()}
    cpu = {name: statistics.median(r[1] for r in all) for name, all in results.items()}
    print(f"{ROWS}x{COLUMNS} float32, {rounds} rounds of {seconds:g} s, two connections, medians")
    for name in targets:
        spread = [r[0] for r in results[name]]
        print(
            f"{name:12} {second[name]:7.1f} requests/s ({min(spread):.1f} to {max(spread):.1f})"
            f" {cpu[name]:7.1f} per CPU-second of the server"
        )
    for name in ("npz", "safetensors"):
        print(
            f"{name}: {second[name] / second['json']:.2f} of json, {second[name] / second['echo']:.2f} of echo;"
            f" per CPU-second {cpu[name] / cpu['fastapi']:.2f} of fastapi, {cpu[name] / cpu['echo']:.2f} of echo"
        )


main()
