#!/usr/bin/env python3
"""Turns pytorch-fid's Inception into a TorchScript file for fig5.

    pip install torch torchvision pytorch-fid
    python scripts/export_inception.py -o inception.pt
    fig5 fid generated/ real/ --features inception.pt

Without --weights pytorch-fid fetches its own weights, as it always does. The module
takes images n×3×299×299 in [0, 1] and gives n×2048 features (or --dims 64, 192, 768);
fig5 resizes to 299 pixels before. Batch norms are folded into the convolutions, which
changes the features by rounding alone.
"""
import argparse
import sys
import warnings

import torch
from pytorch_fid import inception


class Features(torch.nn.Module):
    """What pytorch_fid.fid_score.get_activations does with a batch, but the resizing."""

    def __init__(self, dims):
        super().__init__()
        block = inception.InceptionV3.BLOCK_INDEX_BY_DIM[dims]
        self.model = inception.InceptionV3([block], resize_input=False, normalize_input=True)

    def forward(self, x):
        return self.model(x)[0].mean((2, 3))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--weights", metavar="FILE", help="pt_inception-2015-12-05-6726825d.pth or another state_dict of its layout")
    p.add_argument("--dims", type=int, default=2048, choices=sorted(inception.InceptionV3.BLOCK_INDEX_BY_DIM), help="number of features")
    p.add_argument("-o", "--out", metavar="FILE", required=True, help="the file to write")
    args = p.parse_args()
    if args.weights:
        inception.load_state_dict_from_url = lambda *_, **__: torch.load(args.weights, map_location="cpu", weights_only=True)
    try:
        features = Features(args.dims).eval()
    except (OSError, RuntimeError) as e:
        sys.exit(f"{args.weights or 'the weights of pytorch-fid'}: {str(e).splitlines()[0]}")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # torch.jit is deprecated, and what libtorch 2.1.0 reads
        module = torch.jit.freeze(torch.jit.trace(features, torch.rand(2, 3, 299, 299)))
        torch.jit.save(module, args.out)
    print(f"{args.out}: {args.dims} features of images of 3×299×299 pixels in [0, 1]")


if __name__ == "__main__":
    main()
