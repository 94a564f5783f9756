#!/usr/bin/env python3
"""Makes optim.json: what PyTorch's Adam and SGD do in 100 steps, float64.

The gradient of parameter i at step t (from 1) is cos(i+1)*p_i + sin(i*t), so that
it need not be stored. Run: python3 optim.py > optim.json
"""
import json
import sys

import torch

N, STEPS, KEEP = 40, 100, (1, 2, 10, 100)
cases = []
for name, make, kw in [
    ("adam", torch.optim.Adam, dict(lr=1e-3, betas=(0.5, 0.999), eps=1e-8)),
    ("adam", torch.optim.Adam, dict(lr=2e-4, betas=(0.9, 0.99), eps=1e-3)),
    ("sgd", torch.optim.SGD, dict(lr=1e-2, momentum=0.0)),
    ("sgd", torch.optim.SGD, dict(lr=1e-2, momentum=0.9)),
]:
    i = torch.arange(N, dtype=torch.float64)
    p = torch.nn.Parameter(torch.sin(3 * i))
    opt = make([p], **kw)
    kept = {}
    for t in range(1, STEPS + 1):
        p.grad = torch.cos(i + 1) * p.detach() + torch.sin(i * t)
        opt.step()
        if t in KEEP:
            kept[t] = p.detach().tolist()
    cases.append(dict(name=name, args=kw, params=kept))
json.dump(dict(about=__doc__.split("\n\n")[1], torch=torch.__version__, n=N, cases=cases), sys.stdout, indent=1)
print()
