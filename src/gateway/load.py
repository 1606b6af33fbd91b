"""Posts one batch again and again over several connections, and counts what came of it. Standard library only.

    load.py URL BODY CONNECTIONS SECONDS        BODY: small (3x3), or large (about 600 KB of JSON)

Ends before on SIGTERM. Prints one line: requests, how many failed, and the outcomes. A request fails that does not get a 200 with
the same bytes as the first one got. As every HTTP client does, it opens a new connection where an idle one was closed meanwhile
(nginx closes them as it reloads); otherwise nothing is sent twice. The rate is bounded, below what the gateway takes from one
address.
"""

import collections
import concurrent.futures
import http.client
import json
import random
import signal
import sys
import threading
import time
import urllib.parse

HEADERS = {"Content-Type": "application/json"}


def batch(kind):
    if kind == "small":
        return json.dumps({"input": [[1, -2, 3], [0, -1, 2], [1, 0, 1]], "label": [0, 1, 2]}).encode()
    numbers = random.Random(1)
    rows = [[round(numbers.gauss(0, 1), 6) for _ in range(1000)] for _ in range(60)]
    return json.dumps({"input": rows, "label": [row % 1000 for row in range(60)]}).encode()


def main():
    url, kind, connections, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    target = urllib.parse.urlsplit(url)
    body = batch(kind)
    outcomes = collections.Counter()
    lock = threading.Lock()
    expected = []
    end = time.monotonic() + seconds
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())

    def exchange(connection):
        connection.request("POST", target.path, body, HEADERS)
        return connection.getresponse()

    def post(connection):
        reused = connection.sock is not None
        try:
            try:
                response = exchange(connection)
            except ConnectionError:  # RemoteDisconnected is one: closed before the first byte of an answer
                connection.close()
                if not reused:
                    raise
                response = exchange(connection)
            answer = response.read()
        except Exception as failure:
            connection.close()
            return type(failure).__name__
        with lock:
            if not expected and response.status == 200:
                expected.append(answer)
            same = response.status != 200 or answer == expected[0]
        return str(response.status) if same else "200, other bytes"

    def worker():
        connection = http.client.HTTPConnection(target.hostname, target.port, timeout=90)
        while time.monotonic() < end and not ended.is_set():
            outcome = post(connection)
            with lock:
                outcomes[outcome] += 1
            ended.wait(0.02)

    with concurrent.futures.ThreadPoolExecutor(connections) as pool:
        for result in [pool.submit(worker) for _ in range(connections)]:
            result.result()
    failed = sum(count for outcome, count in outcomes.items() if outcome != "200")
    print(f"{sum(outcomes.values())} requests of {len(body)} bytes, {failed} failed {dict(outcomes)}")


main()
