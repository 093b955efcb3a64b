"""A picture of two colours, and colour profiles that show whether they are followed."""

from itertools import product

from PIL import Image, ImageCms

RED, GREEN = (200, 30, 40), (20, 180, 60)


def two_colours(w=6, h=4):
    """Left half red, right half green."""
    image = Image.new("RGB", (w, h), RED)
    image.paste(GREEN, (w // 2, 0, w, h))
    return image


def profile_of(kind):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(kind)).tobytes()


def swapped_srgb():
    """The sRGB profile with the tags of its red and blue primaries exchanged."""
    data = bytearray(profile_of("sRGB"))
    for i in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12):
        tag = bytes(data[i : i + 4])
        data[i : i + 4] = {b"rXYZ": b"bXYZ", b"bXYZ": b"rXYZ"}.get(tag, tag)
    return bytes(data)


def cmyk_profile():
    """A small ICC profile (version 2, one lookup table): black ink is L* = 0, magenta with yellow 50, the rest 100."""
    grid, inputs, outputs = 2, 4, 3
    table = b"mft1" + bytes(4) + bytes([inputs, outputs, grid, 0])
    table += b"".join((65536 if i % 4 == 0 else 0).to_bytes(4, "big") for i in range(9))  # the identity
    lightness = [0 if k else 128 if m and y else 255 for _, m, y, k in product((0, 1), repeat=inputs)]
    colours = b"".join(bytes([L, 128, 128]) for L in lightness)
    table += bytes(range(256)) * inputs + colours + bytes(range(256)) * outputs
    description = b"desc" + bytes(4) + (5).to_bytes(4, "big") + b"grey\0" + bytes(78)
    white = b"XYZ " + bytes(4) + b"".join(v.to_bytes(4, "big") for v in (63190, 65536, 54061))
    tags, blocks, offset = [], b"", 128 + 4 + 12 * 3
    for name, block in ((b"A2B0", table), (b"desc", description), (b"wtpt", white)):
        block += bytes(-len(block) % 4)
        tags.append(name + offset.to_bytes(4, "big") + len(block).to_bytes(4, "big"))
        blocks, offset = blocks + block, offset + len(block)
    body = len(tags).to_bytes(4, "big") + b"".join(tags) + blocks
    header = bytearray(128)
    header[0:4] = (128 + len(body)).to_bytes(4, "big")
    header[8:12] = bytes([2, 0x40, 0, 0])
    header[12:24] = b"prtrCMYKLab "
    header[36:40] = b"acsp"
    header[68:80] = b"".join(v.to_bytes(4, "big") for v in (63190, 65536, 54061))
    return bytes(header) + body
