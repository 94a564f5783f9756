"""What pytorch-fid makes of images, for TestInception: writes into a folder

    weights.pth     random weights for pytorch-fid's Inception, its batch norms calibrated
    a/, b/, grey/   PNG images: two sets in colour, and some in grey
    jpeg/, mixed/   two sets in colour: JPEG as Pillow writes it, and several formats, some with alpha
    reference.npz   pytorch-fid's 2048 features of the first images of a and of those in grey,
                    and the same computed in float64
                    and the pixels of jpeg and mixed, in its order
    reference.json  pytorch-fid's distances of a and b, and of jpeg and mixed, by 64 features

    python inception.py FOLDER        # needs torch, torchvision, scipy, pytorch-fid
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import torch
from PIL import Image
from pytorch_fid import fid_score, inception

warnings.simplefilter("ignore")
torch.manual_seed(2018)
torch.set_num_threads(1)
rng = np.random.default_rng(2018)
folder = pathlib.Path(sys.argv[1])


def smooth(n, channels, side):
    """Images of coloured blobs, and some of noise."""
    x = rng.normal(size=(n, 5, 5, channels))
    x = torch.nn.functional.interpolate(torch.from_numpy(x).permute(0, 3, 1, 2), size=(side, side), mode="bicubic")
    x = x.permute(0, 2, 3, 1).numpy() + rng.normal(size=(n, side, side, channels)) * rng.uniform(0, 0.5, size=(n, 1, 1, 1))
    return np.clip(127.5 + 60 * x, 0, 255).astype(np.uint8)


def save(name, images, *endings):
    """Files with these endings in turns; pytorch-fid looks for some endings, in the order of the paths."""
    (folder / name).mkdir()
    for i, image in enumerate(images):
        Image.fromarray(image.squeeze()).save(folder / name / f"{i:04d}.{(endings or ['png'])[i % max(1, len(endings))]}")
    return sorted((folder / name).iterdir())


a, b = save("a", smooth(90, 3, 32)), save("b", 255 - smooth(80, 3, 32) // 2)
grey = save("grey", smooth(4, 1, 28))
jpeg = save("jpeg", smooth(70, 3, 33), "jpg")
mixed = save("mixed", 255 - smooth(68, 4, 33) // 2, "png", "webp", "tif", "bmp")

# Default weights, and batch norms set so that every layer gives numbers of order 1.
net = inception._inception_v3(num_classes=1008, aux_logits=False, weights=None)
inception.load_state_dict_from_url = lambda *_, **__: net.state_dict()
model = inception.InceptionV3([3]).train()
for module in model.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.momentum = None
with torch.no_grad():
    model(torch.from_numpy(smooth(16, 3, 64)).permute(0, 3, 1, 2).float() / 255)


def full(state):
    """The state of the whole net from that of its blocks, which are slices of it."""
    out = net.state_dict()
    order = [["Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3"], ["Conv2d_3b_1x1", "Conv2d_4a_3x3"],
             ["Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"],
             ["Mixed_7a", "Mixed_7b", "Mixed_7c"]]
    for key, value in state.items():
        _, block, layer, rest = key.split(".", 3)
        out[f"{order[int(block)][int(layer)]}.{rest}"] = value
    return out


weights = full(model.state_dict())
torch.save(weights, folder / "weights.pth")
inception.load_state_dict_from_url = lambda *_, **__: weights


def activations(files, dims):
    block = inception.InceptionV3.BLOCK_INDEX_BY_DIM[dims]
    return fid_score.get_activations(files, inception.InceptionV3([block]).eval(), 10, dims, "cpu", 0)


def distance(one, other):
    return fid_score.calculate_fid_given_paths([str(folder / one), str(folder / other)], 10, "cpu", 64, 0)


def pixels(files):
    return np.stack([np.asarray(image) for image in fid_score.ImagePathDataset(files)])


def exact(files):
    x = np.stack([np.asarray(Image.open(f).convert("RGB")) for f in files])
    with torch.no_grad():
        return inception.InceptionV3([3]).eval().double()(torch.from_numpy(x).permute(0, 3, 1, 2).double() / 255)[0].flatten(1).numpy()


np.savez(folder / "reference.npz", colour=activations(a[:6], 2048), colour64=exact(a[:6]),
         grey=activations(grey, 2048), grey64=exact(grey), jpeg=pixels(jpeg), mixed=pixels(mixed))
with open(folder / "reference.json", "w") as f:
    json.dump({"a b": distance("a", "b"), "jpeg mixed": distance("jpeg", "mixed")}, f)
