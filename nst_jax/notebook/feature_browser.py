"""The feature browser: how each layer of a network responds to a picture, channel by channel."""

from collections.abc import Iterable, Mapping

import jax.numpy as jnp
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..errors import SettingError
from ..images.maps import coloured
from ..images.picture import Picture, as_picture, bytes8
from ..networks.geometry import CONTENT_LAYERS, LAYERS, STYLE_LAYERS
from ..networks.vgg import VGG19
from .widgets import Names, Shown, beside, ipywidgets, jpeg, outputs

SIDE = 270  # pixels, longest side of the picture, of the large map, and of the grid
ACROSS = 4  # maps in a row of the grid, and rows in it
ROOM = 4  # pixels between them
MARGIN = 2  # pixels, that widgets have on each side
FRAME = (64, 224, 208)  # RGB of the frame around the chosen one


def browse(network: VGG19, picture: Picture, layers: Iterable[str] | None = None) -> "Browser":
    """The picture, one channel of one layer, large, and a grid of the layer's strongest channels.

    The network runs once, here: the sliders only choose.

    Args:
        network: what computes the features.
        picture: [h, w, 3] in [0, 1].
        layers: the paper's, as far as the network has them, unless given.

    Returns:
        The widget.

    Raises:
        SettingError: for a layer that the network lacks.
    """
    if layers is None:
        layers = [layer for layer in network.layers if layer in STYLE_LAYERS + CONTENT_LAYERS]
    layers = sorted(
        (layers,) if isinstance(layers, str) else layers, key=lambda l: LAYERS.index(l) if l in LAYERS else 0
    )
    if not layers:
        raise SettingError("browse needs one layer or more")
    picture = as_picture(picture, "picture")
    F = network(jnp.asarray(picture), layers)
    return Browser(picture, {layer: np.asarray(F[layer]) for layer in layers})


class Browser:
    """The widget of `browse`.

    Attributes:
        features: layer → [h_l, w_l, N_l].
        order: layer → channels, the largest mean activation first.
        layer: the slider of layers.
        rank: the slider of channels; 1 is the strongest.
        widget: for a layout of your own.
    """

    def __init__(self, picture: np.ndarray, features: Mapping[str, np.ndarray]):
        self.features = dict(features)
        self.order = {layer: np.argsort(-F.mean((0, 1)), kind="stable") for layer, F in self.features.items()}
        self._picture = Image.fromarray(bytes8(picture))
        w = ipywidgets()
        how = {"layout": w.Layout(width="412px"), "style": {"description_width": "60px"}}
        self.layer = w.SelectionSlider(options=list(self.features), description="layer", **how)
        self.rank = w.IntSlider(value=1, min=1, max=self._channels, description="channel", **how)
        self.rank.readout = False
        self.caption = w.Label()
        self.view = w.Image(format="jpeg", layout=w.Layout(max_width=f"calc(100% - {2 * MARGIN}px)"))
        self.layer.observe(lambda change: self._choose_layer(), "value")
        self.rank.observe(lambda change: self._draw(), "value")
        sliders = w.HBox([self.layer, self.rank], layout=w.Layout(flex_flow="row wrap"))
        what = "the picture, the chosen channel of the layer, and its strongest channels; the line below says which"
        names = Names({self.layer: "layer", self.rank: "channel, 1 is the strongest", self.view: what})
        self.widget = w.VBox([sliders, self.view, self.caption, *names.parts])
        self._draw()

    @property
    def channel(self) -> int:
        """The number of the chosen channel, from 0."""
        return int(self.order[self.layer.value][self.rank.value - 1])

    @property
    def map(self) -> np.ndarray:
        """The chosen feature map: [h_l, w_l]."""
        return self.features[self.layer.value][:, :, self.channel]

    @property
    def _channels(self):
        return self.features[self.layer.value].shape[2]

    def sheet(self) -> bytes:
        """What the view shows now, as a small JPEG: a notebook keeps it."""
        return jpeg(self._pixels, quality=50)

    def _choose_layer(self):
        self.rank.max = self._channels  # ipywidgets moves a larger rank to it
        self._draw()

    def _draw(self):
        panels = [_scaled(self._picture, SIDE), _scaled(_map(self.map), SIDE), self._grid()]
        self._pixels = beside(panels, panels[0].height)
        self.view.value, self.view.layout.width = jpeg(self._pixels, quality=92), f"{self._pixels.shape[1]}px"
        h, w = self.map.shape
        self.caption.value = (
            f"{self.layer.value}, channel {self.channel}, {self.rank.value} of {self._channels} by mean activation"
            f" · {h} × {w} positions · mean {self.map.mean():.3g}, maximum {self.map.max():.3g} (brightest)"
        )

    def _grid(self):
        F, chosen = self.features[self.layer.value], self.channel
        tile = (SIDE - (ACROSS - 1) * ROOM) // ACROSS
        maps = {int(c): _scaled(_map(F[:, :, c]), tile) for c in self.order[self.layer.value][: ACROSS**2]}
        w, h = next(iter(maps.values())).size
        grid = Image.new("RGB", (ACROSS * (w + ROOM) - ROOM, ACROSS * (h + ROOM) - ROOM), "white")
        draw, font = ImageDraw.Draw(grid), ImageFont.load_default(size=10)
        for i, (channel, tile) in enumerate(maps.items()):
            x, y = i % ACROSS * (w + ROOM), i // ACROSS * (h + ROOM)
            grid.paste(tile, (x, y))
            draw.text((x + 3, y + 2), str(channel), "white", font, stroke_width=1, stroke_fill="black")
            if channel == chosen:
                draw.rectangle((x, y, x + w - 1, y + h - 1), outline=FRAME, width=2)
        return grid

    def _ipython_display_(self) -> None:
        Shown(self._outputs())

    def _outputs(self):
        return outputs(self.caption.value, self.widget, self.sheet(), f"a picture and its maps: {self.caption.value}")


def _map(F: np.ndarray) -> Image.Image:
    return Image.fromarray(bytes8(coloured(F)))


def _scaled(image: Image.Image, longest: int) -> Image.Image:
    """Enlarged with its pixels visible, reduced by their means."""
    size = [max(1, round(side * longest / max(image.size))) for side in image.size]
    return image.resize(size, Image.Resampling.NEAREST if longest > max(image.size) else Image.Resampling.BOX)
