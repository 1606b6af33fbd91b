"""Posts the same batches to all servers in turn and prints what each answered; run by load.sh."""

import io
import itertools
import json
import os
import pathlib
import statistics
import sys
import urllib.request

import numpy as np
import orjson
import picture
import safetensors.numpy
from servers import Client, Server

PORT = int(os.environ.get("PORT", "23000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = float(os.environ.get("SECONDS_EACH", "1"))
# what a JVM runs gets faster for a while: until it has not by a twentieth for so many times of two seconds, but no longer than
# a minute; the first cell, with which most of the code is compiled, almost as long
LEVEL, LONGEST, FIRST = 3, 30, 25
# as many connections as keep two processors busy; few where each request takes long
SHAPES = {(3, 3): 8, (64, 10): 8, (1024, 100): 4, (1024, 1000): 2}
ROUTE = "/v1/losses/multi-margin"
RESULTS = pathlib.Path("target/load")
MEDIA = {"json": "application/json", "npz": "application/x-npz", "safetensors": "application/vnd.safetensors"}


class Cell:
    """One batch in one format."""

    def __init__(self, shape, form, dtype, p):
        self.shape, self.form, self.dtype, self.p = shape, form, dtype, p
        self.name = f"{shape[0]}x{shape[1]} {form} {dtype} p={p}"
        self.file = RESULTS / (self.name.replace(" ", "-") + ".body")

    def write(self):
        n, c = self.shape
        generator = np.random.default_rng(n + c)
        scores = generator.standard_normal((n, c)).astype(self.dtype)
        label = generator.integers(0, c, n)
        z = 1 - scores[np.arange(n), label][:, None].astype(float) + scores
        z[np.arange(n), label] = 0
        self.loss = (np.maximum(z, 0) ** self.p).sum() / (n * c)
        if self.form == "json":
            body = {"input": scores, "label": label, "p": self.p, "dtype": self.dtype}
            self.file.write_bytes(orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY))
        elif self.form == "npz":
            with self.file.open("wb") as file:
                np.savez(file, input=scores, label=label)
        else:
            self.file.write_bytes(safetensors.numpy.save({"input": scores, "label": label}))

    def targets(self, servers):
        """Names, servers and paths, those first that compute."""
        query = "" if self.form == "json" else f"?p={self.p}"
        yield "service", servers["service"], ROUTE if self.form == "json" else f"{ROUTE}/tensors{query}"
        if self.form == "json":
            yield "tuned", servers["fastapi"], "/tuned"
            yield "ordinary", servers["fastapi"], "/ordinary"
        else:
            yield "tuned", servers["fastapi"], f"/{self.form}{query}"
        yield "echo", servers["limits"], "/echo"
        if self.form == "json" and self.shape in ((3, 3), (64, 10)):
            yield "lines", servers["lines"], ROUTE
        if self.form == "json" and self.shape == (3, 3):
            yield "empty", servers["limits"], "/empty"
            yield "bare", servers["bare"], "/empty"

    def check(self, name, server, path):
        """A wrong answer is not worth measuring."""
        if name in ("echo", "empty", "bare"):
            return
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.port}{path}", self.file.read_bytes(), {"Content-Type": MEDIA[self.form]}
        )
        answer = urllib.request.urlopen(request).read()
        if self.form == "json":
            loss = json.loads(answer)["loss"]
            loss = loss["data"][0] if isinstance(loss, dict) else loss
        elif self.form == "npz":
            loss = np.load(io.BytesIO(answer))["loss"]
        else:
            loss = safetensors.numpy.load(answer)["loss"]
        assert abs(loss - self.loss) < 1e-5 * self.loss, f"{name} answers {loss} for {self.name}, not {self.loss}"

    def run(self, client, target, seconds):
        _, server, path = target
        return client.post(server, path, MEDIA[self.form], self.file.resolve(), SHAPES[self.shape], seconds)


def chosen(argument):
    for shape, form, dtype, p in itertools.product(SHAPES, MEDIA, ("float32", "float64"), (1, 2)):
        cell = Cell(shape, form, dtype, p)
        quick = dtype == "float32" and p == 1 and form != "safetensors"
        if quick if argument == "--quick" else argument in cell.name:
            yield cell


def warm_up(cells, servers, client):
    """All that is to be measured is checked, and compiled before the first is."""
    for cell in cells:
        cell.write()
        for target in cell.targets(servers):
            cell.check(*target)
            run_until_level(cell, client, target, FIRST if cell is cells[0] else 0)


def run_until_level(cell, client, target, least):
    best, best_at = 0, 0
    for turn in range(LONGEST):
        rate = cell.run(client, target, 2)["cpu"]
        if rate > 1.05 * best:
            best, best_at = rate, turn
        if turn >= max(least, best_at + LEVEL):
            return


def measure(cell, servers, client):
    targets = list(cell.targets(servers))
    rounds = {name: [] for name, _, _ in targets}
    for _ in range(ROUNDS):
        for target in targets:
            rounds[target[0]].append(cell.run(client, target, SECONDS))
    medians = {
        name: {key: statistics.median(result[key] for result in results) for key in results[0]}
        for name, results in rounds.items()
    }
    cell.file.with_suffix(".json").write_text(json.dumps({"cell": cell.name, "results": medians}))
    return medians


def row(name, results):
    """The service's own figures, then its ratios."""
    own, tuned = results["service"], results["tuned"]
    ratios = [own["cpu"] / results[other]["cpu"] if other in results else None for other in ("tuned", "ordinary")]
    ratios.append(tuned["p99"] / own["p99"])
    ratios.append(results["lines"]["cpu"] / own["cpu"] if "lines" in results else None)
    ratios += [
        own[key] / results[other][key] if other in results else None
        for other in ("echo", "empty", "bare")
        for key in ("second", "cpu")
    ]
    cells = [f"{own['second']:.0f}", f"{own['cpu']:.0f}", f"{own['p50']:.2f}", f"{own['p99']:.2f}"]
    cells += ["–" if ratio is None else f"{ratio:.2f}" for ratio in ratios]
    return f"| {name} | " + " | ".join(cells) + " |"


HEAD = """
requests a second and a CPU-second, p50 and p99 in ms, of the service; then how many times as many requests a CPU-second it
answers as FastAPI with torch, tuned and ordinary, and how many times as long the tuned one's p99 is; what is left of its requests a
CPU-second with a line of the log for each; then its requests a second and a CPU-second as parts of those of the endpoint that echoes the
body, of one that does nothing, and of Spring Boot with one that does nothing

| cell | /s | /CPU-s | p50 | p99 | tuned | ordinary | p99 | lines | echo /s | /CPU-s | empty /s | /CPU-s | bare /s | /CPU-s |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"""


def main(argument=""):
    RESULTS.mkdir(exist_ok=True)
    cells = list(chosen(argument))
    servers = {
        "service": Server.service(PORT),
        "limits": Server.limits("LimitsApplication", PORT + 1),
        "bare": Server.limits("BareApplication", PORT + 2),
        "fastapi": Server.fastapi(PORT + 3),
        "lines": Server.service(PORT + 4, lines=True),
    }
    client = Client()
    try:
        for server in servers.values():
            server.await_answer()
        warm_up(cells, servers, client)
        print(HEAD)
        for cell in cells:
            print(row(cell.name, measure(cell, servers, client)), flush=True)
    finally:
        client.stop()
        for server in servers.values():
            server.stop()
    picture.draw(RESULTS, RESULTS / "load.svg")


main(*sys.argv[1:])
