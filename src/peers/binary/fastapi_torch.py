"""The peer of the binary route: FastAPI and torch, raw little-endian float32 scores and int64 labels in one body.

Query: rows, columns. Answer: the loss and the gradient, raw. One thread computes, so that a CPU-second is one.
"""

import torch
from fastapi import FastAPI, Request, Response

torch.set_num_threads(1)
app = FastAPI()


@app.post("/")
async def loss(request: Request, rows: int, columns: int):
    body = bytearray(await request.body())
    size = 4 * rows * columns
    scores = torch.frombuffer(body, dtype=torch.float32, count=rows * columns).view(rows, columns)
    label = torch.frombuffer(body, dtype=torch.int64, offset=size, count=rows)
    scores.requires_grad_(True)
    result = torch.nn.functional.multi_margin_loss(scores, label)
    result.backward()
    answer = result.detach().numpy().tobytes() + scores.grad.numpy().tobytes()
    return Response(answer, media_type="application/octet-stream")
