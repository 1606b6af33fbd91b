"""What the environment variables of the README switch on and off, as a receiver of OpenTelemetry's protocol on loopback sees it.

    python3 src/test/observability/traces.py        after mvn package; JAVA_HOME is a JDK 25

Starts the jar a few times, half a minute in all. Standard library only. PORT (24060) and the two above it are used.
"""

import collections
import contextlib
import glob
import http.server
import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

PORT = int(os.environ.get("PORT", "24060"))
ROUTE = "/v1/losses/multi-margin"
BODY = json.dumps({"input": [[1, -2, 3], [0, -1, 2], [1, 0, 1]], "label": [0, 1, 2]}).encode()
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PHASES = {"receive", "wait", "read", "compute", "write"}

Span = collections.namedtuple("Span", "trace id parent name began ended")


def fields(message):
    """The fields of a protobuf message: number and value, which is a number or bytes."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            length = {1: 8, 5: 4}.get(key & 7) or varint()
            yield key >> 3, message[at : at + length]
            at += length


def spans(export):
    """The spans of an ExportTraceServiceRequest."""
    for resource in (value for number, value in fields(export) if number == 1):
        for scope in (value for number, value in fields(resource) if number == 2):
            for span in (dict(fields(value)) for number, value in fields(scope) if number == 2):
                times = (int.from_bytes(span[number], "little") for number in (7, 8))
                yield Span(span[1].hex(), span[2].hex(), span.get(4, b"").hex(), span[5].decode(), *times)


class Receiver(http.server.BaseHTTPRequestHandler):
    received = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            self.received.extend(spans(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def service(**variables):
    """The service with these environment variables; yields a function that tells the spans that it sent, once it has ended."""
    Receiver.received.clear()
    jar = sorted(glob.glob("target/loss-service-*.jar"))[-1]
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [os.path.join(os.environ["JAVA_HOME"], "bin/java"), "-Xmx128m", "-jar", jar]
            + [f"--server.port={PORT}", f"--management.server.port={PORT + 1}", "--loss.admission.drain=0s"],
            env=os.environ | {"LOGGING_STRUCTURED_FORMAT_CONSOLE": "ecs", "LOGGING_LEVEL_ORG_LOSSSERVICE_ACCESS": "info"} | variables,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            for _ in range(300):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5).close()
                    break
                assert process.poll() is None, "the service does not start"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()  # what is not sent yet is sent
            process.wait(60)
        log.seek(0)
        for line in map(json.loads, log):
            assert line["log"]["level"] == "INFO", line


def ask(traceparent=None, **headers):
    if traceparent:
        headers["traceparent"] = traceparent
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{ROUTE}", BODY, {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=10) as response:
        assert response.status == 200


def computations():
    return [span for span in Receiver.received if span.name == "POST " + ROUTE]


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT + 2), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"http://127.0.0.1:{PORT + 2}/v1/traces"}

    with service():
        ask(f"00-{TRACE}-{PARENT}-01")
    assert not Receiver.received
    print("ok    without an endpoint nothing is sent")

    with service(**endpoint, OTEL_TRACES_SAMPLER="parentbased_always_on"):
        ask(f"00-{TRACE}-{PARENT}-01")
        ask()
        ask(f"00-{TRACE[::-1]}-{PARENT}-00")
    of_client = [span for span in computations() if span.trace == TRACE]
    assert len(of_client) == 1 and of_client[0].parent == PARENT, Receiver.received
    phases = [span for span in Receiver.received if span.parent == of_client[0].id]
    assert {span.name for span in phases} == PHASES and {span.trace for span in phases} == {TRACE}, phases
    for span in phases:
        assert of_client[0].began - 1_000_000 <= span.began <= span.ended <= of_client[0].ended + 1_000_000, (span, of_client)
    print("ok    a request is a span of its client's trace, and has a child for each phase, within it")
    own = [span for span in computations() if span.trace != TRACE]
    assert len(own) == 1 and not own[0].parent and own[0].trace != TRACE[::-1], own
    print("ok    one without a trace begins its own; one whose client does not sample is not sent")

    with service(**endpoint, OTEL_TRACES_SAMPLER="always_off"):
        ask(f"00-{TRACE}-{PARENT}-01")
    assert not Receiver.received
    print("ok    always_off sends nothing")

    with service(**endpoint):
        for _ in range(300):
            ask()
        ask(f"00-{TRACE}-{PARENT}-01")
    assert 5 <= len(computations()) <= 75, len(computations())
    assert TRACE in {span.trace for span in computations()}
    print(f"ok    by default a tenth is sampled ({len(computations()) - 1} of 300), and what the client samples")

    with service(**endpoint, OTEL_TRACES_SAMPLER="traceidratio", OTEL_TRACES_SAMPLER_ARG="1.0"):
        ask()
    assert len(computations()) == 1, Receiver.received
    print("ok    traceidratio with 1.0 samples all")


if __name__ == "__main__":
    main()
