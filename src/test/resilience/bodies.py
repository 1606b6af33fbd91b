"""The largest bodies that the service takes, and what the right answers to them are, computed here from the formula."""

import array
import io
import json
import math
import random
import struct
import zipfile

import wire

SMALL = wire.post(b'{"input":[[1,-2,3],[0,-1,2],[1,0,1]],"label":[0,1,2]}')
LOSS_OF_SMALL = 10 / 9
JSON_BYTES = 32 << 20
TENSOR_BYTES = 64 << 20
CLASSES = 1024


class Large:
    """A request, and its answer once it is known: answers are the same to the bit, so bytes are compared."""

    def __init__(self, name, request, check):
        self.name = name
        self.request = request
        self.check = check
        self.expected = None

    def learn(self, port):
        """Takes the answer, alone, and checks its numbers."""
        answer = wire.ask(port, self.request)
        assert answer.status == 200, (self.name, answer.status, answer.body[:500])
        self.check(answer.body)
        self.expected = answer.body
        return self


def _rows(pattern, classes):
    """The loss of a row and its gradient, times C, for p = 1, margin 1, label 0."""
    slopes = [1.0 if 1 - pattern[0] + score > 0 else 0.0 for score in pattern]
    slopes[0] = -sum(slopes[1:])
    return sum(max(0.0, 1 - pattern[0] + score) for score in pattern[1:]) / classes, slopes


def _close(actual, expected, what):
    assert math.isclose(actual, expected, rel_tol=1e-6), f"{what} is {actual}, not {expected}"


def digits(size=JSON_BYTES, name="JSON of 32 MiB, 9 digits"):
    """JSON with nine digits a number, float32, with gradient."""
    generator = random.Random(1)
    pattern = [round(generator.uniform(-1, 1), 8) for _ in range(CLASSES)]
    row = json.dumps(pattern, separators=(",", ":"))
    rows = (size - 100) // (len(row) + 3)
    body = ('{"input":[' + ",".join([row] * rows) + '],"label":[' + ",".join(["0"] * rows) + "]}").encode()
    loss, slopes = _rows(pattern, CLASSES)

    def check(answer):
        tensors = json.loads(answer)
        _close(tensors["loss"]["data"][0], loss, "the loss")
        expected = [slope / CLASSES / rows for slope in slopes]
        for got in tensors["gradient"]["data"]:
            assert all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(got, expected, strict=True))
        assert len(tensors["gradient"]["data"]) == rows

    return Large(name, wire.post(body), check)


def medium():
    """Some tens of milliseconds of work."""
    return digits(1 << 20, "JSON of 1 MiB")


def dense():
    """JSON that takes the most memory for its bytes: one digit a number, float64."""
    row = "[" + ",".join(["0"] * CLASSES) + "]"
    rows = (JSON_BYTES - 100) // (len(row) + 3)
    rows = min(rows, (1 << 24) // CLASSES)
    tail = '],"dtype":"float64","return_gradient":false,"label":[' + ",".join(["0"] * rows) + "]}"
    body = ('{"input":[' + ",".join([row] * rows) + tail).encode()

    def check(answer):
        assert json.loads(answer)["loss"]["data"] == [(CLASSES - 1) / CLASSES]

    return Large("JSON of 32 MiB, 1 digit, float64", wire.post(body), check)


def npz():
    """numpy's npz, float32, with gradient."""
    rows = (TENSOR_BYTES - 2048) // (4 * CLASSES + 8)
    generator = random.Random(1)
    pattern = array.array("f", (generator.uniform(-1, 1) for _ in range(CLASSES)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("input.npy", _npy("<f4", (rows, CLASSES)) + pattern.tobytes() * rows)
        archive.writestr("label.npy", _npy("<i8", (rows,)) + bytes(8 * rows))
    loss, slopes = _rows(pattern.tolist(), CLASSES)

    def check(answer):
        archive = zipfile.ZipFile(io.BytesIO(answer))
        _close(struct.unpack("<f", archive.read("loss.npy")[-4:])[0], loss, "the loss")
        gradient = array.array("f", archive.read("gradient.npy")[-4 * rows * CLASSES :])
        expected = [slope / CLASSES / rows for slope in slopes]
        first = gradient[:CLASSES]
        assert all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(first, expected, strict=True))
        assert gradient.tobytes() == first.tobytes() * rows

    return Large("npz of 64 MiB", wire.post(file.getvalue(), wire.TENSORS, wire.NPZ), check)


def _npy(descr, shape):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()


def answer_of(columns):
    """A small body with a large answer: float64 gradients of about 20 characters."""
    body = '{"dtype":"float64","input":[[' + ",".join(["0"] * columns) + ']],"label":[0]}'
    return wire.post(body.encode())
