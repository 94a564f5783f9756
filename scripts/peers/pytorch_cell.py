"""One cell of configs/fig5.yaml in PyTorch on one CPU thread, from the nets to the amplitude, as
one writes it with what there is: eager PyTorch, pytorch-fid's distance, SciPy's filter.

    python pytorch_cell.py JSON

JSON has pretrain, betas, level (iterations at each), final, every, samples, window and lr: the keys
of the config. Prints the mean of the filtered FID in the window and its max-to-min amplitude."""
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from pytorch_fid.fid_score import calculate_frechet_distance
from scipy.signal import butter, sosfiltfilt
from torch import nn

BATCH, POINTS, SD, HALF_WIDTH = 64, 10_000, 0.07, 2
CENTRES = torch.tensor([(-0.6, -0.5, 0.4), (0.6, -0.4, -0.5), (0, 0.7, 0.5), (-0.5, 0.5, -0.6), (0.55, 0.35, 0.6)])
torch.set_num_threads(1)
torch.manual_seed(0)
c = json.loads(sys.argv[1])

data = CENTRES[torch.randint(0, len(CENTRES), (POINTS,))] + SD * torch.randn(POINTS, 3)
g = nn.Sequential(nn.Linear(3, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 3))
d = nn.Sequential(nn.Linear(3, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh(), nn.Linear(128, 128), nn.Tanh(), nn.Linear(128, 1))
adam_g, adam_d = (torch.optim.Adam(n.parameters(), c["lr"], betas=(0.5, 0.999), fused=True) for n in (g, d))


def noise(n):
    return torch.rand(n, 3) * 2 - 1


def real(beta):
    if beta == 0:
        return noise(BATCH)
    x = data[torch.randint(0, POINTS, (BATCH,))]
    if beta < math.inf:  # heat, reflected at the walls of the box
        x = x + torch.randn(BATCH, 3) / (HALF_WIDTH * math.sqrt(beta))
        x = 1 - (torch.remainder(x + 1, 4) - 2).abs()
    return x


def iteration(beta):
    adam_d.zero_grad(set_to_none=True)
    with torch.no_grad():
        fake = g(noise(BATCH))
    logits = d(torch.cat([real(beta), fake]))
    (F.softplus(-logits[:BATCH]).mean() + F.softplus(logits[BATCH:]).mean()).backward()
    adam_d.step()
    d.requires_grad_(False)  # their gradients are not needed in the generator's step
    adam_g.zero_grad(set_to_none=True)
    (-F.softplus(d(g(noise(BATCH)))).mean()).backward()
    adam_g.step()
    d.requires_grad_(True)


def moments(x):
    return x.mean(axis=0), np.cov(x, rowvar=False)


reference = moments(data.numpy())


def fid(x):
    return calculate_frechet_distance(*moments(x), *reference)


def generated():
    with torch.no_grad():
        return g(noise(c["samples"])).numpy()


for _ in range(c["pretrain"]):
    iteration(0)
curve, step = [], 0
for beta, n in [(b, c["level"]) for b in c["betas"]] + [(math.inf, c["final"])]:
    for _ in range(n):
        if step % c["every"] == 0:
            value = fid(generated())
            if beta == math.inf:
                curve.append(value)
        iteration(beta)
        step += 1
points = c["window"] // c["every"]
for sample in (generated, lambda: data[torch.randint(0, POINTS, (c["samples"],))].numpy()):  # the noise floors
    for _ in range(points):
        fid(sample())

filtered = sosfiltfilt(butter(3, 0.2, output="sos"), curve)
cuts = range(len(filtered) - points + 1)  # MSER: the knee is where the error of the mean of the rest is least
knee = min(cuts, key=lambda i: filtered[i:].var() / (len(filtered) - i))
window = filtered[knee : knee + points]
print(json.dumps({"level": window.mean(), "amplitude": window.max() - window.min()}))
