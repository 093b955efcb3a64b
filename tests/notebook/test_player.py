"""Clips in a notebook: an animated picture that any browser shows."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

import nst_jax as nst
from nst_jax import show


def frames(*brightness):
    return [np.full((24, 32, 3), each, np.float32) for each in brightness]


def test_it_is_an_animation_of_all_frames_side_by_side():
    made = show.player({"dark & light": frames(0.1, 0.9, 0.5), "other": frames(0.5, 0.5, 0.5)}, 4, width=64)
    page = made._repr_html_()
    assert 'alt="clips of 3 frames: dark &amp; light, other"' in page
    data = re.search('src="data:image/webp;base64,([^"]+)"', page)
    assert data
    with Image.open(io.BytesIO(base64.b64decode(data[1]))) as image:
        assert image.n_frames == 3
        assert image.info["loop"] == 0
        assert image.width >= 2 * 64
        seen = []
        for t in range(3):
            image.seek(t)
            seen.append(np.asarray(image.convert("RGB"), float)[image.height - 20, [20, 100]].mean(-1) / 255)
            assert image.info["duration"] == 250
    np.testing.assert_allclose(seen, [[0.1, 0.5], [0.9, 0.5], [0.5, 0.5]], atol=0.03)


@pytest.mark.parametrize(
    ("clips", "fault"),
    [
        ({}, "clips of no frames"),
        ({"a": []}, "clips of 0 frames"),
        ({"a": frames(1), "b": frames(1, 0)}, "1, 2 frames"),
    ],
)
def test_what_cannot_be_shown_is_named(clips, fault):
    with pytest.raises(nst.NSTError, match=fault):
        show.player(clips)
