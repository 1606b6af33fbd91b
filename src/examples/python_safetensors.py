"""The service as a loss of torch, by safetensors: forward posts the batch, backward uses the gradient that came with it.

Needs torch and safetensors.
"""

import os
import urllib.parse
import urllib.request

import safetensors.torch
import torch

URL = os.environ.get("LOSS_SERVICE_URL", "http://localhost:8080") + "/v1/losses/multi-margin/tensors"


class MultiMarginLoss(torch.autograd.Function):
    @staticmethod
    def forward(context, scores, label, parameters):
        body = safetensors.torch.save({"input": scores.detach(), "label": label})
        url = URL + "?" + urllib.parse.urlencode(parameters)
        request = urllib.request.Request(url, body, {"Content-Type": "application/vnd.safetensors"})
        with urllib.request.urlopen(request) as response:
            answer = safetensors.torch.load(response.read())
        context.save_for_backward(answer["gradient"])
        return answer["loss"]

    @staticmethod
    def backward(context, upstream):
        (gradient,) = context.saved_tensors
        return gradient * upstream, None, None


torch.manual_seed(1)
label = torch.randint(0, 10, (64,))
for p in (1, 2):
    scores = torch.randn(64, 10, dtype=torch.float64, requires_grad=True)
    loss = MultiMarginLoss.apply(scores, label, {"p": p, "margin": 0.7, "convention": "pytorch"})
    (3 * loss).backward()
    ours = scores.grad.clone()
    scores.grad = None
    expected = torch.nn.functional.multi_margin_loss(scores, label, p=p, margin=0.7)
    (3 * expected).backward()
    torch.testing.assert_close(loss, expected, rtol=1e-14, atol=0)
    torch.testing.assert_close(ours, scores.grad, rtol=1e-13, atol=1e-16)
print("python_safetensors: the numbers are those of torch.nn.functional.multi_margin_loss")
