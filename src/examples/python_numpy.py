"""Loss and gradient of a numpy batch, sent and received as .npz. Needs numpy alone."""

import io
import os
import urllib.parse
import urllib.request

import numpy as np

URL = os.environ.get("LOSS_SERVICE_URL", "http://localhost:8080") + "/v1/losses/multi-margin/tensors"


def multi_margin_loss(tensors, **parameters):
    """Posts arrays by name (input, label, weight, grad_output), gives arrays by name (loss, gradient, …)."""
    body = io.BytesIO()
    np.savez(body, **tensors)
    url = URL + "?" + urllib.parse.urlencode(parameters)
    request = urllib.request.Request(url, body.getvalue(), {"Content-Type": "application/x-npz"})
    with urllib.request.urlopen(request) as response:
        return np.load(io.BytesIO(response.read()))


# the example of the documentation
scores = np.array([[1, -2, 3], [0, -1, 2], [1, 0, 1]], np.float32)
label = np.array([0, 1, 2])
answer = multi_margin_loss({"input": scores, "label": label})
assert answer["loss"] == np.float32(1.1111112), answer["loss"]
assert np.allclose(answer["gradient"] * 9, [[-1, 0, 1], [1, -2, 1], [1, 0, -1]], atol=1e-6)

# a larger one in float64, with everything, against the formula
random = np.random.default_rng(1)
scores = random.standard_normal((64, 10))
label = random.integers(0, 10, 64)
weight = random.random(10)
answer = multi_margin_loss(
    {"input": scores, "label": label, "weight": weight}, p=2, margin=0.5, reduction="none", return_weight_gradient="true"
)
rows = np.arange(64)
z = 0.5 - scores[rows, label][:, None] + scores
terms = np.maximum(0, weight[label][:, None] * z) ** 2
terms[rows, label] = 0
assert np.allclose(answer["loss"], terms.sum(axis=1) / 10, rtol=1e-14, atol=0)
slopes = 2 * np.maximum(0, weight[label][:, None] * z) * weight[label][:, None] / 10
slopes[rows, label] = 0
slopes[rows, label] = -slopes.sum(axis=1)
assert np.allclose(answer["gradient"], slopes, rtol=1e-13, atol=1e-16)
assert answer["weight_gradient"].shape == (10,)

# Fortran order, big-endian and compressed are all the same to the service
body = io.BytesIO()
np.savez_compressed(body, input=np.asfortranarray(scores.astype(">f8")), label=label.astype(">i4"), weight=weight)
request = urllib.request.Request(
    URL + "?p=2&margin=0.5&reduction=none", body.getvalue(), {"Content-Type": "application/x-npz"}
)
with urllib.request.urlopen(request) as response:
    again = np.load(io.BytesIO(response.read()))
assert (again["gradient"] == answer["gradient"]).all()
print("python_numpy: the numbers are right")
