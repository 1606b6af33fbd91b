"""A batch shared between replicas, put together to the answer that one request would have given. Needs numpy alone.

    LOSS_SERVICE_URLS="http://localhost:8080 http://localhost:8082" shard.py

With reduction=sum a batch is the sum of its shards. With N rows in all: the mean is the sum of the shards' losses over N, its
gradient each shard's gradient over N, in the order of the rows, and its weight gradient the sum of the shards' over N.
"""

import concurrent.futures
import io
import os
import urllib.parse
import urllib.request

import numpy as np

URLS = os.environ.get("LOSS_SERVICE_URLS", os.environ.get("LOSS_SERVICE_URL", "http://localhost:8080")).split()


def post(url, tensors, **parameters):
    body = io.BytesIO()
    np.savez(body, **tensors)
    url += "/v1/losses/multi-margin/tensors?" + urllib.parse.urlencode(parameters)
    request = urllib.request.Request(url, body.getvalue(), {"Content-Type": "application/x-npz"})
    with urllib.request.urlopen(request) as response:
        return dict(np.load(io.BytesIO(response.read())))


def sharded_mean(scores, label, weight, shards, **parameters):
    """The mean loss of all rows, its gradient and weight gradient, from as many requests as there are shards."""
    parts = [
        {"input": rows, "label": labels, "weight": weight}
        for rows, labels in zip(np.array_split(scores, shards), np.array_split(label, shards))
    ]
    with concurrent.futures.ThreadPoolExecutor(len(URLS)) as pool:
        jobs = [pool.submit(post, URLS[k % len(URLS)], part, reduction="sum", **parameters) for k, part in enumerate(parts)]
        answers = [job.result() for job in jobs]
    total = len(label)
    # in float64, so that what is added up and divided is rounded once
    return {
        "loss": scores.dtype.type(sum(np.float64(answer["loss"]) for answer in answers) / total),
        "gradient": np.concatenate([answer["gradient"] for answer in answers]) / scores.dtype.type(total),
        "weight_gradient": (sum(np.float64(answer["weight_gradient"]) for answer in answers) / total).astype(scores.dtype),
    }


random = np.random.default_rng(1)
for dtype in (np.float32, np.float64):
    scores = random.standard_normal((6000, 100)).astype(dtype)
    label = random.integers(0, 100, 6000)
    weight = random.random(100).astype(dtype)
    parameters = {"p": 2, "return_weight_gradient": "true"}
    one = post(URLS[0], {"input": scores, "label": label, "weight": weight}, reduction="mean", **parameters)
    many = sharded_mean(scores, label, weight, 7, **parameters)
    for name, value in one.items():
        size = np.abs(value).max()
        apart = np.abs(many[name].astype(np.float64) - value).max() / size / np.finfo(dtype).eps
        assert apart < 4, (name, apart)
        print(f"shard: {np.dtype(dtype).name} {name}: apart by at most {apart:.2f} of the largest value's epsilon")
