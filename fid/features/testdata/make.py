"""Writes the TorchScript modules of this folder and tiny.json, what PyTorch makes of them.

    python make.py        # needs torch

tiny.pt takes images n×3×h×w in [0, 1] and gives 8 features. The others give what is
refused: list.pt a list, maps.pt feature maps, double.pt float64.
"""
import json
import warnings

import torch
import torch.nn.functional as F

warnings.simplefilter("ignore")  # torch.jit is deprecated, and what libtorch 2.1.0 reads
torch.manual_seed(2018)


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 8, 5, stride=2)
        self.norm = torch.nn.BatchNorm2d(8)
        self.norm.running_mean.normal_(0, 0.1)
        self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x):
        return F.relu(self.norm(self.conv(2 * x - 1))).mean((2, 3), keepdim=True)


class List(Tiny):
    def forward(self, x):
        return [x.mean((2, 3))]


class Maps(Tiny):
    def forward(self, x):
        return self.conv(x)


class Double(Tiny):
    def forward(self, x):
        return x.double().mean((2, 3))


def images(n, c, h, w):
    """Numbers in [-1, 1] that any program can make again: bytes of a linear congruential generator."""
    s, out = 12345, []
    for _ in range(n * c * h * w):
        s = (1103515245 * s + 12345) % 2**31
        out.append((s >> 16) % 256)
    return (torch.tensor(out, dtype=torch.float64) / 127.5 - 1).float().reshape(n, c, h, w)


tiny = Tiny().eval()
for name, module in {"tiny": tiny, "list": List(), "maps": Maps(), "double": Double()}.items():
    torch.jit.save(torch.jit.freeze(torch.jit.script(module.eval())), name + ".pt")

cases = []
for n, c, h, w, size in [(3, 1, 28, 28, 0), (3, 1, 28, 28, 75), (2, 3, 32, 32, 17), (2, 3, 9, 14, 31), (2, 1, 28, 28, 28)]:
    x = (images(n, c, h, w).repeat(1, 3 // c, 1, 1) + 1) / 2
    if size:  # as pytorch_fid/inception.py does
        x = F.interpolate(x, size=(size, size), mode="bilinear", align_corners=False)
    with torch.no_grad():
        features = tiny(x).flatten(1)
    cases.append({"n": n, "channels": c, "height": h, "width": w, "size": size, "features": features.tolist(),
                  "resized_mean": x.double().mean().item()})
with open("tiny.json", "w") as f:
    json.dump({"about": f"features of tiny.pt by PyTorch {torch.__version__}, made by make.py",
               "cases": cases}, f, indent=1)
    f.write("\n")
