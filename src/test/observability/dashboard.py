"""Asks a real Prometheus, fed by the running service, every query of the dashboard: each must find something.

    python3 src/test/observability/dashboard.py        after mvn package; JAVA_HOME is a JDK 25; needs Debian's prometheus

Takes a minute. PORT (24060) and the three above it are used.
"""

import contextlib
import json
import math
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from traces import BODY, PORT, ROUTE, service

PROMETHEUS = f"http://127.0.0.1:{PORT + 3}"
SECONDS = 40
SEEN_FROM_COMPOSE = """    dns_sd_configs:
      - names: [service]
        type: A
        port: 8081
        refresh_interval: 10s
"""


def post(path, body, media):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": media})
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10).read()


def requests():
    """Some of each kind, until there is something to see."""
    with open("src/test/resources/tensors/savez-f4-i8.npz", "rb") as file:
        npz = file.read()
    with open("src/test/resources/tensors/numpy-f4.safetensors", "rb") as file:
        safetensors = file.read()
    wide = json.dumps({"input": [[0.5] * 50_000], "label": [0]}).encode()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        post(ROUTE, BODY, "application/json")
        post(ROUTE, wide, "application/json")
        post(ROUTE, b'{"wieght": [1]}', "application/json")
        post(ROUTE + "/tensors", npz, "application/x-npz")
        post(ROUTE + "/tensors", safetensors, "application/vnd.safetensors")
        time.sleep(0.02)


@contextlib.contextmanager
def prometheus(folder):
    with open("src/observability/prometheus.yml") as file:
        settings = file.read()
    assert SEEN_FROM_COMPOSE in settings
    settings = settings.replace(SEEN_FROM_COMPOSE, f'    static_configs: [{{targets: ["127.0.0.1:{PORT + 1}"]}}]\n')
    with open(os.path.join(folder, "prometheus.yml"), "w") as file:
        file.write(settings)
    for name in ("src/observability/prometheus.yml", file.name):
        subprocess.run(["promtool", "check", "config", name], check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(folder, "log"), "w") as log:
        process = subprocess.Popen(
            ["prometheus", f"--config.file={file.name}", f"--storage.tsdb.path={folder}/data"]
            + [f"--web.listen-address=127.0.0.1:{PORT + 3}"],
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def query(expression):
    """The values that a query finds now."""
    text = urllib.parse.urlencode({"query": expression.replace("$__rate_interval", "20s")})
    with urllib.request.urlopen(f"{PROMETHEUS}/api/v1/query?{text}", timeout=10) as response:
        return [(sample["metric"], float(sample["value"][1])) for sample in json.load(response)["data"]["result"]]


def main():
    with open("src/observability/dashboard.json") as file:
        dashboard = json.load(file)
    with tempfile.TemporaryDirectory() as folder, service(), prometheus(folder):
        requests()
        for panel in dashboard["panels"]:
            assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}, panel
            for target in panel["targets"]:
                found = query(target["expr"])
                assert found and all(math.isfinite(value) for _, value in found), (target["expr"], found)
                print(f"ok    {panel['title']}: {len(found)} series, such as {found[0]}")


main()
