"""Holds a running service against torch; run by parity.sh."""

import json
import random
import socket
import subprocess
import sys
import time
import urllib.request
from fractions import Fraction

import torch
import torch.nn.functional as F

DTYPES = {"float32": torch.float32, "float64": torch.float64}


class Service:
    def __init__(self, jar):
        self.port, management = free_port(), free_port()
        self.process = subprocess.Popen(
            ["java", "-jar", jar, f"--server.port={self.port}", f"--management.server.port={management}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://localhost:{self.port}/readyz", timeout=1)
                return
            except OSError:
                time.sleep(0.5)
        raise SystemExit("the service did not start")

    def evaluate(self, **request):
        body = json.dumps(request).encode()
        http = urllib.request.Request(
            f"http://localhost:{self.port}/v1/losses/multi-margin", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(http) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)


def free_port():
    while True:
        with socket.socket() as probe:
            probe.bind(("localhost", 0))
            port = probe.getsockname()[1]
            if port >= 21000:
                return port


def made_case(generator, convention):
    """Everyday numbers: what is hard about others is shown apart, and would hide any other difference."""
    n, c = generator.randint(1, 6), generator.randint(1, 12)
    dtype = generator.choice(list(DTYPES))
    number = lambda: torch.tensor(generator.gauss(0, 2), dtype=DTYPES[dtype]).item()
    reduction = generator.choice(["none", "mean", "sum"])
    return {
        "input": [[number() for _ in range(c)] for _ in range(n)],
        "label": [generator.randrange(c) for _ in range(n)],
        "p": generator.choice([1, 2]),
        # Paddle subtracts margin^p for the label's own term, which is wrong where the margin is negative.
        "margin": generator.choice([1.0, 0.5, 0.0, 3.0] + ([] if convention == "paddle" else [-0.5])),
        "weight": None if generator.random() < 0.3 else [number() for _ in range(c)],
        "reduction": reduction,
        "dtype": dtype,
        "convention": convention,
        "grad_output": [number() for _ in range(n if reduction == "none" else 1)],
    }


def tensors(case):
    dtype = DTYPES[case["dtype"]]
    x = torch.tensor(case["input"], dtype=dtype, requires_grad=True)
    weight = None if case["weight"] is None else torch.tensor(case["weight"], dtype=dtype)
    return x, torch.tensor(case["label"]), weight


def pytorch(case):
    x, y, weight = tensors(case)
    loss = F.multi_margin_loss(x, y, p=case["p"], margin=case["margin"], weight=weight, reduction=case["reduction"])
    return loss, x


def paddle(case):
    """paddle.nn.functional.multi_margin_loss since PR #73739, operation by operation."""
    x, y, weight = tensors(case)
    p, margin, c = case["p"], case["margin"], len(case["input"][0])
    own = x.gather(1, y[:, None])
    powers = torch.pow(torch.clamp(margin - own + x, min=0.0), p)
    if weight is None:
        loss = powers.mean(dim=1) - margin**p / c
    else:
        w = weight[y][:, None]
        loss = (w * powers).mean(dim=1) - weight[y] * (margin**p / c)
    return {"none": loss, "mean": loss.mean(), "sum": loss.sum()}[case["reduction"]], x


def answers(framework, case):
    loss, x = framework(case)
    upstream = torch.tensor(case["grad_output"], dtype=loss.dtype).reshape(loss.shape)
    (gradient,) = torch.autograd.grad(loss, x, upstream)
    return loss.detach().reshape(-1).tolist(), gradient.reshape(-1).tolist()


def difference(ours, theirs, scale):
    """The largest difference, relative to the largest number."""
    largest = max([abs(number) for number in theirs] + [scale])
    return max(abs(a - b) for a, b in zip(ours, theirs)) / largest


def compare(service, framework, convention, count):
    generator = random.Random(convention)
    worst = {dtype: [0.0, 0.0] for dtype in DTYPES}
    for _ in range(count):
        case = made_case(generator, convention)
        answer = service.evaluate(**case)
        loss, gradient = answers(framework, case)
        ours = [number for row in answer["gradient"]["data"] for number in row]
        # Paddle's subtraction errs by the size of what it subtracts, not of what is left.
        scale = max(abs(case["margin"]), 1) ** case["p"] * max(map(abs, case["weight"] or [1]))
        found = difference(answer["loss"]["data"], loss, scale), difference(ours, gradient, 1e-30)
        worst[case["dtype"]] = [max(pair) for pair in zip(worst[case["dtype"]], found)]
    for dtype, (loss, gradient) in worst.items():
        epsilon = torch.finfo(DTYPES[dtype]).eps
        print(f"{convention:8} {dtype}: largest difference of {count} cases: loss {loss:.2g} ({loss / epsilon:.1f} eps), "
              f"gradient {gradient:.2g} ({gradient / epsilon:.1f} eps)")
        if max(loss, gradient) > 200 * epsilon:
            raise SystemExit("that is no rounding")


def exact(case):
    """The loss of a single row by the definition, in rational numbers: documented, or weight outside the power."""
    (x,), (y,), p = case["input"], case["label"], case["p"]
    w = Fraction(case["weight"][y]) if case["weight"] else Fraction(1)
    total = Fraction(0)
    for j, score in enumerate(x):
        z = Fraction(case["margin"]) - Fraction(x[y]) + Fraction(score)
        if j != y:
            total += max(Fraction(0), w * z) ** p if case["convention"] == "documented" else w * max(Fraction(0), z) ** p
    return total / len(x)


WRONG = [
    ("cancellation", "float32", dict(input=[[1e8, 1e8 + 8, 0]], label=[0], margin=1.0, p=1)),
    ("cancellation", "float32", dict(input=[[16777216.0, 16777217.0 - 1, 1]], label=[0], margin=0.5, p=2)),
    ("cancellation", "float64", dict(input=[[1e30, 1e30, 1]], label=[0], margin=1.0, p=1)),
    ("kink", "float64", dict(input=[[0.3, 0.2, -5]], label=[0], margin=0.1, p=1)),
    ("overflow on the way", "float32", dict(input=[[0, 1.5e19, 0, 0]], label=[0], margin=1.0, p=2)),
    ("overflow on the way", "float32", dict(input=[[-3e38, 3e38, 0, 0]], label=[0], margin=0.0, p=1)),
    ("underflow on the way", "float32", dict(input=[[0, -0.99999994, -5]], label=[0], margin=1.0, p=2, weight=[1e30, 1, 1])),
]


def show_where_frameworks_err(service):
    print("\n| what | dtype | input | torch | paddle | service | exact |")
    print("|---|---|---|---|---|---|---|")
    for what, dtype, given in WRONG:
        case = {"weight": None, "reduction": "sum", "dtype": dtype, "convention": "pytorch", "grad_output": [1.0], **given}
        rounded = torch.tensor(case["input"], dtype=DTYPES[dtype])
        case["input"] = rounded.tolist()
        case["margin"] = torch.tensor(case["margin"], dtype=DTYPES[dtype]).item()
        if case["weight"]:
            case["weight"] = torch.tensor(case["weight"], dtype=DTYPES[dtype]).tolist()
        answer = service.evaluate(**case)
        loss = answer["loss"]["data"][0] if "loss" in answer else answer["errors"][0]["code"]
        (t,), tg = answers(pytorch, case)
        (q,), qg = answers(paddle, case)
        true = float(exact(case))
        print(f"| {what} | {dtype} | {given} | {t:.9g}, {shorter(tg)} | {q:.9g}, {shorter(qg)} "
              f"| {loss}, {answer['gradient']['data'][0] if 'gradient' in answer else ''} | {true:.9g} |")
    case = dict(input=[[1.0, float("nan"), 3.0]], label=[0], weight=None, p=1, margin=1.0, reduction="sum",
                dtype="float32", grad_output=[1.0])
    print(f"| NaN | float32 | [[1, NaN, 3]] | {answers(pytorch, case)} | {answers(paddle, case)} "
          f"| refused, or NaN where asked for | NaN |")


def shorter(numbers):
    return [float(f"{number:.4g}") for number in numbers]


def main():
    service = Service(sys.argv[1])
    try:
        compare(service, pytorch, "pytorch", int(sys.argv[2]))
        compare(service, paddle, "paddle", int(sys.argv[2]))
        show_where_frameworks_err(service)
    finally:
        service.process.terminate()
        service.process.wait()


main()
