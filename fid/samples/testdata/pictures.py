"""Pictures as Pillow writes them, and their pixels as Pillow's convert("RGB") reads them,
which is what pytorch-fid, torch-fidelity and clean-fid measure. Writes into a folder

    files of many kinds      JPEG, PNG, WebP, BMP, TIFF; NAME-WxH.ENDING
    pixels.npz               the pixels of each, h×w×3 bytes, by the name of the file

    python pictures.py FOLDER [WxH ...]       # needs Pillow and numpy
"""
import pathlib
import sys

import numpy as np
from PIL import Image

folder = pathlib.Path(sys.argv[1])
sizes = [tuple(map(int, s.split("x"))) for s in sys.argv[2:]] or [(1, 1), (2, 5), (5, 2), (16, 16), (19, 13), (64, 47)]
rng = np.random.default_rng(2018)
folder.mkdir(parents=True, exist_ok=True)


def picture(w, h, channels=3):
    """Blobs of colour with some noise."""
    small = rng.integers(0, 256, ((h + 4) // 5, (w + 4) // 5, channels)).astype(np.uint8)
    large = np.dstack([Image.fromarray(c).resize((w, h), Image.BICUBIC) for c in np.moveaxis(small, 2, 0)])
    return np.clip(large + rng.normal(0, 8, large.shape), 0, 255).astype(np.uint8)


for w, h in sizes:
    def save(name, image, **how):
        stem, ending = name.rsplit(".", 1)
        image.save(folder / f"{stem}-{w}x{h}.{ending}", **how)

    rgb, rgba = Image.fromarray(picture(w, h)), Image.fromarray(picture(w, h, 4))
    for s, name in enumerate(["444", "422", "420"]):
        save(f"{name}.jpg", rgb, subsampling=s)
        save(f"{name}-progressive.jpg", rgb, subsampling=s, quality=95, progressive=True)
    save("420-coarse.jpeg", rgb, quality=20)
    save("grey.jpg", rgb.convert("L"))
    save("cmyk.jpg", rgb.convert("CMYK"))
    exif = Image.Exif()
    exif[274] = 6  # turned by 90 degrees, which convert does not make
    save("turned.jpg", rgb, exif=exif)
    save("rgb.png", rgb)
    save("alpha.png", rgba)
    save("grey-alpha.png", rgba.convert("LA"))
    save("palette.png", rgb.quantize(13))
    save("palette-clear.png", rgb.quantize(7), transparency=2)
    save("palette-alpha.png", rgba.quantize(11))
    save("bits.png", rgb.convert("1"))
    save("grey-clear.png", rgb.convert("L"), transparency=rgb.convert("L").getpixel((0, 0)))
    save("lossy.webp", rgb, quality=70)
    save("lossy-alpha.webp", rgba, quality=70)
    save("lossless.webp", rgb, lossless=True)
    save("lossless-alpha.webp", rgba, lossless=True, exact=True)
    save("moving.webp", rgb, save_all=True, append_images=[rgb.rotate(180)], quality=70)
    for mode in ["1", "L", "P", "RGB", "RGBA"]:
        save(f"{mode}.bmp", rgba.convert(mode))
        save(f"{mode}.tif", rgba.convert(mode))
    save("lzw.tif", rgb, compression="tiff_lzw", tiffinfo={317: 2})
    save("deflate.tiff", rgb, compression="tiff_adobe_deflate")
    save("packbits.tif", rgb.convert("L"), compression="packbits")

files = sorted(f for f in folder.iterdir() if f.suffix != ".npz")
np.savez_compressed(folder / "pixels.npz", **{f.name: np.asarray(Image.open(f).convert("RGB")) for f in files})
