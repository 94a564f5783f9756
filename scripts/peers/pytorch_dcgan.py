"""The DCGAN of fig5 in eager PyTorch on one CPU thread, as one writes it: modules, autograd, Adam.

    python pytorch_dcgan.py WIDTH SIDE

Noise of the data's dimension through a linear projection, kernels of 4 at steps of 2, batch norm in
both nets but in D's first layer; a D and a G step an iteration, batch 64, the non-saturating loss, on
random data: a program to measure speed with. See slices.py for what it reads and prints."""
import sys

import torch
import torch.nn.functional as F
from torch import nn

import slices

BATCH, IMAGES = 64, 1000
torch.set_num_threads(1)
torch.manual_seed(0)
width, side = map(int, sys.argv[1:3])
z, small = 3 * side * side, width * side // 8


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(z, 16 * small)
        layers, n = [nn.BatchNorm2d(small), nn.ReLU()], small
        while n > width:
            layers += [nn.ConvTranspose2d(n, n // 2, 4, 2, 1), nn.BatchNorm2d(n // 2), nn.ReLU()]
            n //= 2
        self.maps = nn.Sequential(*layers, nn.ConvTranspose2d(n, 3, 4, 2, 1))

    def forward(self, x):
        return self.maps(self.project(x).view(-1, small, 4, 4))


def discriminator():
    layers, n = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)], width
    while n < small:
        layers += [nn.Conv2d(n, 2 * n, 4, 2, 1), nn.BatchNorm2d(2 * n), nn.LeakyReLU(0.2)]
        n *= 2
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * n, 1))


g, d = Generator(), discriminator()
for m in (*g.modules(), *d.modules()):
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0, 0.02)
optimizers = [torch.optim.Adam(n.parameters(), 5e-4, betas=(0.5, 0.999), fused=True) for n in (g, d)]
data = torch.rand(IMAGES, 3, side, side) * 2 - 1


def iteration():
    real = data[torch.randint(IMAGES, (BATCH,))]
    with torch.no_grad():
        fake = g(torch.rand(BATCH, z) * 2 - 1)
    optimizers[1].zero_grad(set_to_none=True)
    (F.softplus(-d(real)).mean() + F.softplus(d(fake)).mean()).backward()
    optimizers[1].step()

    optimizers[0].zero_grad(set_to_none=True)
    d.requires_grad_(False)  # their gradients are not needed in the generator's step
    F.softplus(-d(g(torch.rand(BATCH, z) * 2 - 1))).mean().backward()
    d.requires_grad_(True)
    optimizers[0].step()
    return 1


slices.serve({"name": "pytorch eager", "version": torch.__version__}, iteration)
