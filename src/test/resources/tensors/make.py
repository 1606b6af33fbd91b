"""Writes the files beside it: what numpy, safetensors and torch make of one request. Not run by the build.

    pip install numpy safetensors torch ml_dtypes && python make.py

The files here were written with numpy 2.4, safetensors 0.8 and torch 2.13. In each, input[i, j] = (7 i + 3 j) / 8 - 2
for 4 rows of 5 classes, label is 0, 4, 2, 1, and where they are there, weight is 1, 2, 3, 4, 5 and grad_output is 2.
Those whose name starts with "refused" hold a dtype that the service does not read.
"""

import io
import pathlib
import zipfile

import ml_dtypes
import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

here = pathlib.Path(__file__).parent
rows, columns = np.indices((4, 5))
scores = (7 * rows + 3 * columns) / 8 - 2
f4, f8 = scores.astype("<f4"), scores.astype("<f8")
i4, i8 = np.array([0, 4, 2, 1], "<i4"), np.array([0, 4, 2, 1], "<i8")
weight = np.arange(1, 6, dtype="<f4")


class Pipe(io.RawIOBase):
    """A file that cannot seek: zipfile then writes data descriptors."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def piped(save, **tensors):
    pipe = Pipe()
    save(pipe, **tensors)
    return pipe.bytes


def version(number, **tensors):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, tensor in tensors.items():
            array = io.BytesIO()
            np.lib.format.write_array(array, tensor, version=(number, 0))
            file.writestr(name + ".npy", array.getvalue())
    return out.getvalue()


np.savez(here / "savez-f4-i8.npz", input=f4, label=i8)
np.savez(here / "savez-all.npz", grad_output=np.float32(2), weight=weight, label=i4, input=f4)
np.savez(here / "savez-vector-upstream.npz", input=f8, label=i4, weight=weight.astype("f8"), grad_output=np.array([2.0]))
np.savez(here / "savez-transposed.npz", input=np.ascontiguousarray(f4.T).T, label=i8)
np.savez(here / "savez-transposed-big-endian-f8.npz", input=np.asfortranarray(f8.astype(">f8")), label=i8.astype(">i8"))
np.savez(here / "savez-big-endian.npz", input=f4.astype(">f4"), label=i4.astype(">i4"))
np.savez_compressed(here / "savez-compressed-f4.npz", input=f4, label=i8)
np.savez_compressed(here / "savez-compressed-f8.npz", input=f8, label=i4)
(here / "pipe-savez.npz").write_bytes(piped(np.savez, input=f4, label=i8))
(here / "pipe-savez-compressed.npz").write_bytes(piped(np.savez_compressed, input=f8, label=i8))
(here / "npy-version-2.npz").write_bytes(version(2, input=f4, label=i8))
(here / "npy-version-3.npz").write_bytes(version(3, input=f4, label=i8))
np.savez(here / "refused-float16.npz", input=f4.astype("f2"), label=i8)
np.savez(here / "refused-bfloat16.npz", input=f4.astype(ml_dtypes.bfloat16), label=i8)
np.savez(here / "refused-object.npz", input=np.array(f4.tolist(), object), label=i8)
np.savez(here / "refused-structured.npz", input=np.zeros(4, [("a", "<f4")]), label=i8)
np.savez(here / "refused-integers.npz", input=np.arange(20).reshape(4, 5), label=i8)

safetensors.numpy.save_file({"label": i8, "input": f4}, here / "numpy-f4.safetensors")
safetensors.numpy.save_file(
    {"input": f8, "label": i4, "weight": weight.astype("f8"), "grad_output": np.array(2.0)},
    here / "numpy-f8.safetensors",
    metadata={"made by": "safetensors.numpy"},
)
tensors = {"input": torch.from_numpy(f4), "label": torch.from_numpy(i8), "weight": torch.from_numpy(weight)}
safetensors.torch.save_file(tensors, here / "torch-f4.safetensors", metadata={"format": "pt"})
for dtype in (torch.float16, torch.bfloat16, torch.uint8, torch.bool, torch.float8_e4m3fn):
    name = str(dtype).removeprefix("torch.")
    safetensors.torch.save_file(tensors | {"input": tensors["input"].to(dtype)}, here / f"refused-{name}.safetensors")
