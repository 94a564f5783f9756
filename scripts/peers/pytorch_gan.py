"""Algorithm 1 in PyTorch on one CPU thread, as one writes it: nn.Module, autograd, Adam.

    python pytorch_gan.py toy|mnist eager|compile [DEVICE]

The nets, batch, optimizer and losses of configs/fig5.yaml (toy) and configs/mnist.yaml (mnist),
on random data: a program to measure speed with. See slices.py for what it reads and prints."""
import sys

import torch
import torch.nn.functional as F
from torch import nn

import slices

BATCH, POINTS = 64, 10_000
torch.set_num_threads(1)
torch.manual_seed(0)
model, mode = sys.argv[1:3]
device = torch.device(sys.argv[3] if len(sys.argv) > 3 else "cpu")


def stack(widths, act, norm):
    layers = []
    for n, m in zip(widths[:-2], widths[1:]):
        layers += [nn.Linear(n, m, bias=not norm)] + ([nn.BatchNorm1d(m)] if norm else []) + [act()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


if model == "mnist":
    dim = 784
    g, d = stack((784, 256, 256, 256, 784), nn.ReLU, True), stack((784, 256, 512, 512, 1), nn.ReLU, True)
else:
    dim = 3
    g, d = stack((3, 128, 128, 3), nn.ReLU, False), stack((3, 128, 128, 128, 1), nn.Tanh, False)

optimizers = [torch.optim.Adam(n.to(device).parameters(), 2e-4, betas=(0.5, 0.999), fused=True) for n in (g, d)]
data = torch.randn(POINTS, dim, device=device)


def d_loss(real, z):
    with torch.no_grad():
        fake = g(z)
    if model == "mnist":  # batch norm: real and fake are two batches
        return F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()
    logits = d(torch.cat([real, fake]))
    return F.softplus(-logits[:BATCH]).mean() + F.softplus(logits[BATCH:]).mean()


def g_loss(z):
    return -F.softplus(d(g(z))).mean()


if mode == "compile":
    d_loss, g_loss = torch.compile(d_loss), torch.compile(g_loss)


def iteration():
    real = data[torch.randint(0, POINTS, (BATCH,), device=device)]
    for optimizer, net in zip(optimizers, (g, d)):
        optimizer.zero_grad(set_to_none=True)
    d_loss(real, torch.rand(BATCH, dim, device=device) * 2 - 1).backward()
    optimizers[1].step()
    d.requires_grad_(False)  # their gradients are not needed in the generator's step
    g_loss(torch.rand(BATCH, dim, device=device) * 2 - 1).backward()
    optimizers[0].step()
    d.requires_grad_(True)
    if device.type == "cuda":
        torch.cuda.synchronize()
    return 1


slices.serve({"name": f"pytorch {mode}", "version": torch.__version__}, iteration)
