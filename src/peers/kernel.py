"""Times the kernel against libtorch and numpy; run by kernel.sh. Processor time of one thread, so that a busy machine
disturbs little; clock time where threads are compared. The gradient is written over the scores, as the service does, but for "own
array". Every number is the median of rounds that take turns."""

import itertools
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import torch
import torch.nn.functional as F

SHAPES = [(64, 10), (1024, 10), (4096, 100), (4096, 1000), (16384, 1000), (256, 50000)]
ROUNDS = 5
WARM_UP = 15
SECONDS = 0.06


class Kernel:
    def __init__(self, classpath):
        self.process = subprocess.Popen(
            ["java", "-Xmx6g", "-cp", classpath, "org.lossservice.loss.KernelTimes"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def time(self, cell, numbers="everyday", threads=1, result="inplace"):
        (n, c), dtype, p, weighted, gradient = cell
        self.ask(f"{n} {c} {dtype} {p} {'weighted' if weighted else 'plain'} "
                 f"{result if gradient else 'loss'} {numbers} {threads}")
        clock, cpu = map(int, self.process.stdout.readline().split())
        return clock, cpu


class Numpy:
    """As fast as numpy goes without a compiler: buffers are reused, and every pass writes into one of them."""

    def __init__(self, cell, batches, weight):
        (n, c), dtype, self.p, _, self.gradient = cell
        self.batches, self.weight = batches, weight
        self.z = np.empty((n, c), dtype)
        self.rows = np.arange(n)
        self.scale = 1 / (n * c)

    def __call__(self, turn):
        x, y = self.batches[turn % len(self.batches)]
        z, rows, p = self.z, self.rows, self.p
        np.subtract(x, (x[rows, y] - 1)[:, None], out=z)
        np.maximum(z, 0, out=z)
        z[rows, y] = 0
        w = None if self.weight is None else self.weight[y] ** p
        flat = z.reshape(-1)
        if w is None:
            loss = (flat.sum() if p == 1 else np.dot(flat, flat)) * self.scale
        else:
            powers = z.sum(axis=1) if p == 1 else np.einsum("ij,ij->i", z, z)
            loss = np.dot(w, powers) * self.scale
        if self.gradient:
            slope = p * self.scale if w is None else (w * (p * self.scale))[:, None]
            if p == 1:
                np.sign(z, out=z)
            np.multiply(z, slope, out=z)
            z[rows, y] = -z.sum(axis=1)
        return loss


class Torch:
    def __init__(self, cell, batches, weight):
        _, _, self.p, _, self.gradient = cell
        self.batches = [(torch.from_numpy(x).requires_grad_(self.gradient), torch.from_numpy(y)) for x, y in batches]
        self.weight = None if weight is None else torch.from_numpy(weight)

    def __call__(self, turn):
        x, y = self.batches[turn % len(self.batches)]
        loss = F.multi_margin_loss(x, y, p=self.p, weight=self.weight)
        if self.gradient:
            torch.autograd.grad(loss, x)
        return loss


def peer_time(peer):
    turns, start = 0, time.thread_time()
    while True:
        peer(turns)
        turns += 1
        passed = time.thread_time() - start
        if passed >= SECONDS:
            return passed / turns * 1e9


def batches(cell):
    (n, c), dtype, _, weighted, _ = cell
    generator = np.random.default_rng(n + c)
    count = min(64, max(3, (1 << 23) // (n * c)))
    made = [(generator.standard_normal((n, c)).astype(dtype), generator.integers(0, c, n)) for _ in range(count)]
    return made, (generator.random(c) + 0.5).astype(dtype) if weighted else None


def measure(kernel, cell):
    made, weight = batches(cell)
    torch_peer, numpy_peer = Torch(cell, made, weight), Numpy(cell, made, weight)
    for _ in range(WARM_UP):
        kernel.time(cell)
        kernel.time(cell, result="gradient")
    times = {name: [] for name in ("kernel", "own", "torch", "numpy", "copy", "worst", "two")}
    large = cell[0][0] * cell[0][1] >= 1 << 17
    for _ in range(ROUNDS):
        times["kernel"].append(kernel.time(cell)[1])
        times["torch"].append(peer_time(torch_peer))
        times["numpy"].append(peer_time(numpy_peer))
        if cell[4]:
            times["own"].append(kernel.time(cell, result="gradient")[1])
            times["copy"].append(kernel.time(cell, "copy", result="gradient")[1])
        times["worst"].append(max(kernel.time(cell, numbers)[1] for numbers in ("extreme", "power")))
        if large:
            # both numbers on the clock, next to each other
            times["two"].append(kernel.time(cell)[0] / kernel.time(cell, threads=2)[0])
    kernel.ask("forget")
    return {name: statistics.median(values) if values else None for name, values in times.items()}


def ratio(a, b):
    return f"{a / b:6.2f}" if a and b else "     –"


def main():
    kernel = Kernel(sys.argv[1])
    torch.set_num_threads(1)
    print("| cell | kernel µs | torch/kernel | numpy/kernel | kernel/copy | own array/kernel | worst/kernel "
          "| one/two threads |")
    print("|---|---|---|---|---|---|---|---|")
    for cell in itertools.product(SHAPES, ("float32", "float64"), (1, 2), (False, True), (True, False)):
        (n, c), dtype, p, weighted, gradient = cell
        name = f"{n}x{c} {dtype} p={p} {'weight' if weighted else 'no weight'} {'loss+gradient' if gradient else 'loss'}"
        if sys.argv[2] not in name:
            continue
        t = measure(kernel, cell)
        print(f"| {name} | {t['kernel'] / 1e3:9.1f} | {ratio(t['torch'], t['kernel'])} | {ratio(t['numpy'], t['kernel'])} "
              f"| {ratio(t['kernel'], t['copy'])} | {ratio(t['own'], t['kernel'])} | {ratio(t['worst'], t['kernel'])} | {ratio(t['two'], 1)} |",
              flush=True)


main()
