"""A picture of any format as a square of RGB: the first frame, upright, eight bits per channel, transparency on white.

Only decoding processes import this: it uses their Pillow, and nothing else.
"""

import io

from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401  (the plugins that Pillow does not read by itself)

from playground.render.decoder.wire import DAMAGED, LARGE, MEMORY, PIXELS, Unfit

Image.preinit()
Image.MAX_IMAGE_PIXELS = None       # `square` has a lower limit
EIGHT = [value // 257 for value in range(1 << 16)]


def square(file: bytes, side: int, fit: str, formats: tuple[str, ...]) -> bytes:
    """side * side * 3 bytes. Smaller pictures repeat their pixels if the factor is whole. Raises Unfit for a picture that cannot be decoded."""
    try:
        with Image.open(io.BytesIO(file), formats=formats) as picture:
            if picture.width * picture.height > PIXELS:
                raise Unfit(LARGE, picture.width, picture.height)
            picture.draft("RGB", (2 * side, 2 * side))      # a large JPEG is decoded at a fraction of its size
            rgb = plain(picture)
            short = (min if fit == "crop" else max)(rgb.size)
            resampling = Image.Resampling.NEAREST if side % short == 0 else Image.Resampling.LANCZOS
            fitted = ImageOps.fit(rgb, (side, side), resampling) if fit == "crop" else ImageOps.pad(rgb, (side, side), resampling, "white")
            return fitted.tobytes()
    except Unfit:
        raise
    except MemoryError as error:
        raise Unfit(MEMORY) from error
    except Exception as error:                              # decoders may raise anything
        raise Unfit(DAMAGED) from error


def plain(picture: Image.Image) -> Image.Image:
    """The picture as RGB. Scales 16 bits to 8; Pillow would clip them at 255."""
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(EIGHT, "L")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")
