"""Kinds of picture files: what people bring, what is broken, and what only looks like a picture."""

import gzip
import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from tests.support.pictures import picture
from tests.support.profiles import cmyk_profile, profile_of, swapped_srgb, two_colours

from .trial import REFUSED, USED

Write = Callable[[Path], object]


def photo(mode: str = "RGB", w: int = 64, h: int = 48) -> Image.Image:
    """A photo of structure at several scales, in a mode of Pillow's."""
    return Image.fromarray(np.rint(picture(h, w) * 255).astype(np.uint8)).convert(mode)


def encoded(format: str, image: Image.Image | None = None, **options: object) -> bytes:
    """A picture as a file's bytes."""
    stream = io.BytesIO()
    (image or photo()).save(stream, format, **options)
    return stream.getvalue()


def as_file(format: str, image: Image.Image | None = None, **options: object) -> Write:
    """Writes a picture."""
    return lambda path: path.write_bytes(encoded(format, image, **options))


def holding(data: bytes) -> Write:
    """Writes these bytes."""
    return lambda path: path.write_bytes(data)


def png(w: int, h: int, data: bytes = b"", *, depth: int = 8, colour: int = 2, chunks: tuple = ()) -> bytes:
    """A PNG file by its parts: what its header claims, chunks before its pixels, and its pixels as they are."""
    stream = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    stream.seek(8)
    PngImagePlugin.putchunk(stream, b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, 0))
    for name, content in chunks:
        PngImagePlugin.putchunk(stream, name, content)
    PngImagePlugin.putchunk(stream, b"IDAT", data)
    PngImagePlugin.putchunk(stream, b"IEND", b"")
    return stream.getvalue()


def bmp(w: int, h: int) -> bytes:
    """A BMP file that claims a size, and holds nothing."""
    header = struct.pack("<IiiHHIIiiII", 40, w, h, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header


def jpeg_of_size(w: int, h: int) -> bytes:
    """A small JPEG file whose header claims another size."""
    data = bytearray(encoded("JPEG"))
    place = data.index(b"\xff\xc0") + 5
    data[place : place + 4] = struct.pack(">HH", h, w)
    return bytes(data)


def gif_of_size(w: int, h: int) -> bytes:
    """A small GIF file whose headers claim another size."""
    data = bytearray(encoded("GIF"))
    data[6:10] = struct.pack("<HH", w, h)
    place = data.index(b",", 13 + 768)
    data[place + 5 : place + 9] = struct.pack("<HH", w, h)
    return bytes(data)


def tiff_of_size(w: int, h: int, **options: object) -> bytes:
    """A small TIFF file whose tags claim another size."""
    data = bytearray(encoded("TIFF", **options))
    (place,) = struct.unpack("<I", data[4:8])
    (entries,) = struct.unpack("<H", data[place : place + 2])
    for i in range(entries):
        at = place + 2 + 12 * i
        (tag,) = struct.unpack("<H", data[at : at + 2])
        if tag in (256, 257, 278):
            data[at + 2 : at + 12] = struct.pack("<HII", 4, 1, {256: w, 257: h, 278: h}[tag])
    return bytes(data)


def frames(format: str) -> Write:
    """Writes an animation."""
    return as_file(format, photo(), save_all=True, append_images=[photo(), two_colours(64, 48)], duration=100)


def folder(path: Path) -> None:
    """Makes a folder of that name."""
    path.mkdir()


def link_to_itself(path: Path) -> None:
    """Makes a link that leads nowhere."""
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    """Makes a pipe, which nobody writes into."""
    os.mkfifo(path)


def floats(*values: float) -> Image.Image:
    """A row of grey floats."""
    return Image.fromarray(np.array([values], np.float32))


def exif(orientation: int) -> bytes:
    """EXIF data with an orientation."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


# What should come of each: the name of a file, how it is written, and the outcome.
KINDS: dict[str, tuple[Write, str]] = {
    "png.png": (as_file("PNG"), USED),
    "jpeg.jpg": (as_file("JPEG", quality=80), USED),
    "progressive.jpg": (as_file("JPEG", progressive=True), USED),
    "webp.webp": (as_file("WEBP"), USED),
    "lossless.webp": (as_file("WEBP", lossless=True), USED),
    "tiff.tif": (as_file("TIFF"), USED),
    "lzw.tif": (as_file("TIFF", compression="tiff_lzw"), USED),
    "deflated.tif": (as_file("TIFF", compression="tiff_adobe_deflate"), USED),
    "gif.gif": (as_file("GIF"), USED),
    "bmp.bmp": (as_file("BMP"), USED),
    "ppm.ppm": (as_file("PPM"), USED),
    "tga.tga": (as_file("TGA"), USED),
    "ico.ico": (as_file("ICO"), USED),
    "grey.png": (as_file("PNG", photo("L")), USED),
    "bilevel.png": (as_file("PNG", photo("1")), USED),
    "palette.png": (as_file("PNG", photo("P")), USED),
    "grey and alpha.png": (as_file("PNG", photo("LA")), USED),
    "clear.png": (as_file("PNG", Image.new("RGBA", (8, 8))), USED),
    "16 bits.png": (as_file("PNG", Image.fromarray(np.arange(64, dtype=np.uint16).reshape(8, 8) * 1000)), USED),
    "floats.tif": (as_file("TIFF", floats(0.1, 0.9)), USED),
    "not a number.tif": (as_file("TIFF", floats(0.1, float("nan"))), REFUSED),
    "cmyk.jpg": (as_file("JPEG", photo("CMYK")), USED),
    "ycc.jpg": (as_file("JPEG", photo("YCbCr")), USED),
    "cmyk with profile.tif": (as_file("TIFF", photo("CMYK"), icc_profile=cmyk_profile()), USED),
    "swapped profile.png": (as_file("PNG", icc_profile=swapped_srgb()), USED),
    "broken profile.png": (as_file("PNG", icc_profile=b"none"), USED),
    "profile cut short.png": (as_file("PNG", icc_profile=profile_of("sRGB")[:200]), USED),
    "turned.jpg": (as_file("JPEG", exif=exif(6)), USED),
    "turned by 77.jpg": (as_file("JPEG", exif=exif(77)), USED),
    "broken exif.jpg": (as_file("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), USED),
    "animation.gif": (frames("GIF"), USED),
    "animation.png": (frames("PNG"), USED),
    "animation.webp": (frames("WEBP"), USED),
    "animation.tif": (frames("TIFF"), USED),
    "one pixel.png": (as_file("PNG", photo(w=1, h=1)), USED),
    "one row.png": (as_file("PNG", photo(w=4000, h=1)), USED),
    "line\nbreak.png": (as_file("PNG"), USED),
    "ünï ☃ 'quoted' \\.png": (as_file("PNG"), USED),
    "a png named.jpg": (as_file("PNG"), USED),
    "no ending": (as_file("JPEG"), USED),
    "more behind it.png": (holding(encoded("PNG") + bytes(1000)), USED),
    "empty.png": (holding(b""), REFUSED),
    "text.jpg": (holding(b"not a picture"), REFUSED),
    "page.jpg": (holding(b"<!DOCTYPE html><html><body>404</body></html>"), REFUSED),
    "pointer.png": (holding(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), REFUSED),
    "eps.eps": (holding(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"), REFUSED),
    "pdf.pdf": (holding(b"%PDF-1.4\n%%EOF\n"), REFUSED),
    "svg.svg": (holding(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), REFUSED),
    "heic.heic": (holding(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), REFUSED),
    "compressed.png": (holding(gzip.compress(encoded("PNG"))), REFUSED),
    "noise.png": (holding(np.random.default_rng(0).bytes(5000)), REFUSED),
    "half.jpg": (holding(encoded("JPEG")[: len(encoded("JPEG")) // 2]), REFUSED),
    "half.png": (holding(encoded("PNG")[: len(encoded("PNG")) // 2]), REFUSED),
    "half.webp": (holding(encoded("WEBP")[: len(encoded("WEBP")) // 2]), REFUSED),
    "half.tif": (holding(encoded("TIFF")[:4000]), REFUSED),
    "half.bmp": (holding(encoded("BMP")[:4000]), REFUSED),
    "no pixels.png": (holding(png(64, 48)), REFUSED),
    "no width.png": (holding(png(0, 48)), REFUSED),
    "bomb of 1600 megapixels.png": (holding(png(40_000, 40_000)), REFUSED),
    "bomb of 144 megapixels.png": (holding(png(12_000, 12_000, zlib.compress(bytes(1000)))), REFUSED),
    "bomb of 144 megapixels.jpg": (holding(jpeg_of_size(12_000, 12_000)), REFUSED),
    "bomb of 144 megapixels.gif": (holding(gif_of_size(12_000, 12_000)), REFUSED),
    "bomb of 144 megapixels.bmp": (holding(bmp(12_000, 12_000)), REFUSED),
    "bomb of 144 megapixels.tif": (holding(tiff_of_size(12_000, 12_000)), REFUSED),
    "bomb of 144 megapixels, deflated.tif": (
        holding(tiff_of_size(12_000, 12_000, compression="tiff_adobe_deflate")),
        REFUSED,
    ),
    "bomb of 144 megapixels.ppm": (holding(b"P6 12000 12000 255\n" + bytes(100)), REFUSED),
    "bomb of 144 megapixels.tga": (
        holding(bytes([0, 0, 10, *bytes(9), *struct.pack("<HH", 12_000, 12_000), 24, 0]) + bytes(100)),
        REFUSED,
    ),
    "text bomb.png": (holding(png(1, 1, chunks=((b"zTXt", b"a\0\0" + zlib.compress(bytes(2**26))),))), REFUSED),
    "profile bomb.png": (holding(png(1, 1, chunks=((b"iCCP", b"a\0\0" + zlib.compress(bytes(2**26))),))), REFUSED),
    "folder.png": (folder, REFUSED),
    "pipe.png": (pipe, REFUSED),
    "link to itself.png": (link_to_itself, REFUSED),
    "link to nothing.png": (lambda path: path.symlink_to("nothing"), REFUSED),
    "link to a device.png": (lambda path: path.symlink_to("/dev/zero"), REFUSED),
    "link to a picture.png": (lambda path: path.symlink_to("png.png"), USED),
    "zero\0byte.png": (lambda path: None, REFUSED),
}
# Good files, one a format: what mutation begins with.
SEEDS = {
    "png.png": encoded("PNG", photo(w=40, h=30)),
    "alpha.png": encoded("PNG", photo("LA", w=40, h=30), icc_profile=swapped_srgb()),
    "palette.png": encoded("PNG", photo("P", w=40, h=30)),
    "deep.png": encoded("PNG", Image.fromarray(np.arange(600, dtype=np.uint16).reshape(20, 30) * 100)),
    "animation.png": encoded("PNG", photo(w=20, h=20), save_all=True, append_images=[photo(w=20, h=20)]),
    "jpeg.jpg": encoded("JPEG", photo(w=40, h=30), exif=exif(6), icc_profile=profile_of("sRGB")),
    "progressive.jpg": encoded("JPEG", photo(w=40, h=30), progressive=True),
    "cmyk.jpg": encoded("JPEG", photo("CMYK", w=40, h=30)),
    "webp.webp": encoded("WEBP", photo("RGBA", w=40, h=30), exif=exif(3)),
    "lossless.webp": encoded("WEBP", photo(w=40, h=30), lossless=True),
    "tiff.tif": encoded("TIFF", photo(w=40, h=30)),
    "lzw.tif": encoded("TIFF", photo(w=40, h=30), compression="tiff_lzw"),
    "deflated.tif": encoded("TIFF", photo("CMYK", w=40, h=30), compression="tiff_adobe_deflate"),
    "jpeg.tif": encoded("TIFF", photo(w=40, h=30), compression="jpeg"),
    "group4.tif": encoded("TIFF", photo("1", w=40, h=30), compression="group4"),
    "floats.tif": encoded("TIFF", floats(0.1, 0.5, 0.9)),
    "gif.gif": encoded("GIF", photo(w=40, h=30), save_all=True, append_images=[two_colours(40, 30)]),
    "bmp.bmp": encoded("BMP", photo(w=20, h=20)),
    "ppm.ppm": encoded("PPM", photo(w=20, h=20)),
    "tga.tga": encoded("TGA", photo(w=20, h=20), compression="tga_rle"),
    "ico.ico": encoded("ICO", photo(w=32, h=32)),
    "jpeg2000.jp2": encoded("JPEG2000", photo(w=40, h=30)),
    "avif.avif": encoded("AVIF", photo(w=40, h=30)),
}
