"""Posts one body of nearly 64 MiB five times and checks the answers. memory.py PORT BODY GC_LOG HEAP"""

import io
import re
import sys
import urllib.request

import numpy as np
import safetensors.numpy

ROWS, COLUMNS = 16350, 1024
port, kind, log, heap = sys.argv[1:]
random = np.random.default_rng(1)
scores = random.standard_normal((ROWS, COLUMNS), dtype=np.float32)
label = random.integers(0, COLUMNS, ROWS)


def npz(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


if kind == "npz":
    media, body = "application/x-npz", npz(np.savez, input=scores, label=label)
elif kind == "npz-compressed":
    media, body = "application/x-npz", npz(np.savez_compressed, input=scores, label=label)
elif kind == "npz-transposed":
    media, body = "application/x-npz", npz(np.savez, input=np.asfortranarray(scores), label=label)
else:
    media, body = "application/vnd.safetensors", safetensors.numpy.save({"input": scores, "label": label})

for _ in range(5):
    request = urllib.request.Request(
        f"http://localhost:{port}/v1/losses/multi-margin/tensors", body, {"Content-Type": media}
    )
    with urllib.request.urlopen(request) as response:
        answer = response.read()
    tensors = np.load(io.BytesIO(answer)) if media.endswith("npz") else safetensors.numpy.load(answer)
    gradient = tensors["gradient"]
    # a row's slopes add up to nothing, and its label's is the negative one
    assert gradient.shape == scores.shape and np.abs(gradient.sum(axis=1)).max() < 1e-9
    assert (gradient[np.arange(ROWS), label] == gradient.min(axis=1)).all() and 1 < tensors["loss"] < 2

# what the heap held before and after each collection, in MiB
lines = re.findall(r"(\d+)M->(\d+)M\(", open(log).read())
most = max(int(before) for before, _ in lines)
live = max(int(after) for _, after in lines)
size = len(body) / 2**20
print(
    f"heap {heap}, {kind}: body of {size:.1f} MiB; the heap held at most {most} MiB, {most / size:.2f} times the body,"
    f" garbage included, and {live} MiB, {live / size:.2f} times, after a collection"
)
