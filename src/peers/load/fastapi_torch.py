"""The peers: the same loss and gradient by FastAPI and torch, for load.sh.

`/tuned` is what one writes who knows where the time goes: orjson both ways, numpy between the lists and torch, no models.
`/ordinary` is what the tutorials show. `/npz` and `/safetensors` take and give tensors as they are. None of them checks what
the service checks. One thread computes in each worker, for there are as many workers as processors."""

import io
from typing import Annotated, Literal

import numpy as np
import orjson
import safetensors.torch
import torch
import torch.nn.functional as F
from fastapi import FastAPI, Query, Request, Response
from pydantic import BaseModel

torch.set_num_threads(1)
app = FastAPI()


def loss_and_gradient(scores, label, p):
    scores.requires_grad_(True)
    loss = F.multi_margin_loss(scores, label, p=p)
    loss.backward()
    return loss.detach(), scores.grad


@app.post("/tuned")
async def tuned(request: Request):
    body = orjson.loads(await request.body())
    # three times as fast as torch.tensor
    scores = torch.from_numpy(np.array(body["input"], dtype=body["dtype"]))
    loss, gradient = loss_and_gradient(scores, torch.tensor(body["label"]), body["p"])
    answer = {"loss": loss.item(), "gradient": gradient.numpy()}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


class Batch(BaseModel):
    input: list[list[float]]
    label: list[int]
    p: int = 1
    dtype: Literal["float32", "float64"] = "float32"


class Answer(BaseModel):
    loss: float
    gradient: list[list[float]]


@app.post("/ordinary")
def ordinary(batch: Batch) -> Answer:
    scores = torch.tensor(batch.input, dtype=getattr(torch, batch.dtype))
    loss, gradient = loss_and_gradient(scores, torch.tensor(batch.label), batch.p)
    return Answer(loss=loss.item(), gradient=gradient.tolist())


@app.post("/npz")
async def npz(request: Request, p: Annotated[int, Query()] = 1):
    arrays = np.load(io.BytesIO(await request.body()))
    loss, gradient = loss_and_gradient(torch.from_numpy(arrays["input"]), torch.from_numpy(arrays["label"]), p)
    answer = io.BytesIO()
    np.savez(answer, loss=loss.numpy(), gradient=gradient.numpy())
    return Response(answer.getvalue(), media_type="application/x-npz")


@app.post("/safetensors")
async def tensors(request: Request, p: Annotated[int, Query()] = 1):
    arrays = safetensors.torch.load(await request.body())
    loss, gradient = loss_and_gradient(arrays["input"], arrays["label"], p)
    return Response(safetensors.torch.save({"loss": loss, "gradient": gradient}), media_type="application/vnd.safetensors")
