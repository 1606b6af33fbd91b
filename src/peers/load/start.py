"""Starts the service and its peer in turns until each gives its first answer; run by start.sh."""

import os
import pathlib
import statistics
import sys
import time
import urllib.request

from servers import PREPARED, Server

PORT = int(os.environ.get("PORT", "23000"))
BODY = b'{"input":[[1,-2,3],[0,-1,2],[1,0,1]],"label":[0,1,2],"p":1,"dtype":"float32"}'
# how the JVM takes a container of 512 MiB
SMALL = "-XX:MaxRAM=512m"


def until_answered(server, path):
    """Seconds from the start of the process, which has just been, to the answer to the first request."""
    began = time.monotonic()
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", BODY, {"Content-Type": "application/json"})
    while time.monotonic() < began + 60:
        assert server.process.poll() is None, "stopped: " + " ".join(server.process.args)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert b'"gradient"' in answer.read()
            return time.monotonic() - began
        except OSError:
            time.sleep(0.005)
    raise AssertionError("no answer after a minute: " + " ".join(server.process.args))


def main(starts="7"):
    jar = next(pathlib.Path("target").glob("loss-service-*.jar")).resolve()
    loss = "/v1/losses/multi-margin"
    kinds = {
        "the jar": (lambda: Server.service(PORT, (SMALL,), jar), loss),
        "as the container runs it": (lambda: Server.service(PORT, (SMALL, *PREPARED)), loss),
        "FastAPI with torch, two workers": (lambda: Server.fastapi(PORT), "/tuned"),
    }
    seconds = {name: [] for name in kinds}
    memory = {name: [] for name in kinds}
    for turn in range(int(starts) + 1):
        for name, (start, path) in kinds.items():
            server = start()
            try:
                took = until_answered(server, path)
                time.sleep(1)
                # the first turn fills the cache of files
                if turn > 0:
                    seconds[name].append(took)
                    memory[name].append(server.resident())
            finally:
                server.stop()
    jar_seconds = statistics.median(seconds["the jar"])
    print("| | seconds to the first answer | times the jar's | MiB resident a second later |\n|---|---|---|---|")
    for name in kinds:
        median = statistics.median(seconds[name])
        spread = f"{min(seconds[name]):.2f} to {max(seconds[name]):.2f}"
        print(f"| {name} | {median:.2f} ({spread}) | {median / jar_seconds:.2f} | {statistics.median(memory[name]):.0f} |")


main(*sys.argv[1:])
